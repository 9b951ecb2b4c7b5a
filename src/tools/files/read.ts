/** Owns reading: files whole, programs as text, and the set of programs that one names. */
import { readFile } from "node:fs/promises";
import type { Source } from "../../text/source.ts";
import { systemProblem } from "../problem.ts";

export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw systemProblem(error, "read", path);
  }
}

/** A program under the name the user gave it. What is no text the compiler refuses by its own message. */
export async function readSource(path: string): Promise<Source> {
  const text = new TextDecoder("utf-8").decode(await readBytes(path));
  return { name: path, text };
}

/**
 * The program and all that it imports, directly or not, by path, as `importsOf` gives it. An import that cannot be read is left out: the
 * checker reports it at its line.
 */
export async function readClosed(
  path: string,
  importsOf: (source: Source) => readonly string[],
): Promise<ReadonlyMap<string, Source>> {
  const sources = new Map<string, Source>([[path, await readSource(path)]]);
  const waiting = [path];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const name of importsOf(sources.get(next)!)) {
      if (sources.has(name)) continue;
      try {
        sources.set(name, await readSource(name));
        waiting.push(name);
      } catch {
        continue;
      }
    }
  }
  return sources;
}
