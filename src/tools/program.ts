/** Owns the way from a path on the command line to a request the compiler takes, and to a network or its errors. */
import { basename, dirname, extname, join } from "node:path";
import { type CompileRequest, imports } from "../compile.ts";
import { parseOnce } from "../syntax/parse.ts";
import { readClosed } from "./files/read.ts";
import { Problem } from "./problem.ts";

/** The flags that choose what of a program is compiled. */
export interface Choice {
  readonly model?: string;
  readonly recipe?: string;
  /** As `hidden=16`, in order. */
  readonly set?: readonly string[];
}

/** What the compiler is asked by default: JavaScript that trains, run at once. */
export async function requestOf(path: string, choice: Choice): Promise<CompileRequest> {
  const read = parseOnce();
  return {
    entry: path,
    sources: await readClosed(path, (source) => imports(source, read)),
    read,
    language: "javascript",
    kernels: "auto",
    inference: false,
    set: settingsOf(choice.set ?? []),
    ...(choice.model === undefined ? {} : { model: choice.model }),
    ...(choice.recipe === undefined ? {} : { recipe: choice.recipe }),
  };
}

function settingsOf(given: readonly string[]): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const text of given) {
    const match = /^\s*([A-Za-z_]\w*)\s*=(.*)$/s.exec(text);
    if (match === null)
      throw new Problem(`--set ${text}: \`name=value\` was expected, as \`--set hidden=16\``);
    settings[match[1]!] = match[2]!.trim();
  }
  return settings;
}

/** The path beside the program with another extension, as `digits.safetensors`. */
export function beside(path: string, extension: string): string {
  return join(dirname(path), `${basename(path, extname(path))}${extension}`);
}
