/** Owns running the built command in tests, as a user does: a process of its own, its streams and its exit code. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

export const root = join(import.meta.dirname, "../..");
const built = join(root, "dist/nnc.js");

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly milliseconds: number;
}

export interface RunOptions {
  readonly cwd?: string;
  /** Called with what standard output holds so far, and with a way to send the process a signal. */
  readonly onOutput?: (stdout: string, signal: (name: NodeJS.Signals) => void) => void;
  /** Called with what standard error holds so far. */
  readonly onError?: (stderr: string) => void;
}

export function nnc(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  if (!existsSync(built)) throw new Error("dist/nnc.js is not built: npm run build");
  const began = performance.now();
  const child = spawn(process.execPath, [built, ...args], {
    cwd: options.cwd ?? root,
    env: { ...process.env, NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    options.onOutput?.(stdout, (name) => child.kill(name));
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    options.onError?.(stderr);
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr, milliseconds: performance.now() - began }));
  });
}

/** The JSON objects of `--log json`, in order. */
export function events(stdout: string): readonly Readonly<Record<string, unknown>>[] {
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** A line of a stack trace. */
export const stackTrace = /^\s+at .+(:\d+:\d+\)?|<anonymous>\)?)$/m;
