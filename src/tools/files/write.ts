/** Owns writing: beside the file first and then renamed, so that nothing is ever half-written. */
import { randomUUID } from "node:crypto";
import { open, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Problem, systemProblem } from "../problem.ts";

/** Refuses early, before a long run, what could not be written at its end. */
export async function assertWritable(path: string): Promise<void> {
  const beside = besideName(path);
  try {
    if ((await stat(path).catch(() => null))?.isDirectory() === true) {
      throw new Problem(`cannot write ${path}: it is a directory`);
    }
    await (await open(beside, "w")).close();
  } catch (error) {
    throw error instanceof Problem ? error : systemProblem(error, "write", path);
  } finally {
    await rm(beside, { force: true }).catch(() => undefined);
  }
}

export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const beside = besideName(path);
  try {
    const file = await open(beside, "w");
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined);
    throw systemProblem(error, "write", path);
  }
}

/** Another one each time: a bundler may load one program twice at once, and write its types twice. */
function besideName(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomUUID().slice(0, 8)}.partial`);
}

/** Writes unless the file holds the same already, so that whoever watches it is not woken. Whether it wrote. */
export async function writeChanged(path: string, content: string | Uint8Array): Promise<boolean> {
  if (await holds(path, content)) return false;
  await writeWhole(path, content);
  return true;
}

export async function holds(path: string, content: string | Uint8Array): Promise<boolean> {
  const present = await readFile(path).catch(() => null);
  return present !== null && present.equals(Buffer.from(content));
}
