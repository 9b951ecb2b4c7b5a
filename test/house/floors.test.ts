/** Owns the proof that imports run downward only, that the compiler proper is pure, and that no file grows too long. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, normalize, sep } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");

// Each room, and the rooms it may import. Rooms of one line of this house do not see each other.
const ground = ["grammar", "text", "report"];
const languages = [...ground, "syntax", "ir", "ops", "evaluate", "library"];
const middle = ["check", "grad", "passes", "lower"];
const floors: Readonly<Record<string, readonly string[]>> = {
  grammar: [],
  text: [],
  library: [],
  runtime: [],
  report: ["grammar", "text"],
  syntax: ground,
  ir: ground,
  ops: [...ground, "ir"],
  evaluate: [...ground, "ir", "ops"],
  check: languages,
  grad: languages,
  passes: languages,
  lower: languages,
  backends: [...languages, ...middle, "runtime"],
  compile: [...languages, ...middle, "runtime", "backends", "stages"],
  stages: [...languages, ...middle, "runtime", "backends", "compile"],
  tools: [...languages, ...middle, "runtime", "backends", "compile", "stages"],
};

interface SourceFile {
  readonly path: string;
  readonly room: string;
  readonly imports: readonly string[];
  readonly lines: number;
}

function roomOf(path: string): string {
  const parts = path.split(sep);
  return parts[0] === "src" ? parts[1]!.replace(/\.ts$/, "") : parts[0]!;
}

const files: readonly SourceFile[] = ["grammar", "src"]
  .flatMap((top) =>
    (existsSync(join(root, top)) ? readdirSync(join(root, top), { recursive: true }) : []).map((name) =>
      join(top, String(name)),
    ),
  )
  .filter((path) => path.endsWith(".ts"))
  .map((path) => {
    const text = readFileSync(join(root, path), "utf8");
    const imports = [...text.matchAll(/(?:\bfrom|^import)\s+"([^"\n]+)";?$|\bimport\(\s*"([^"\n]+)"\s*\)/gm)];
    return {
      path,
      room: roomOf(path),
      imports: imports.map((match) => match[1] ?? match[2]!),
      lines: text.split("\n").length,
    };
  });

describe("the house", () => {
  it("has a floor for every room", () => {
    const unknown = files.filter((file) => !(file.room in floors)).map((file) => file.path);
    expect(unknown).toEqual([]);
  });

  it("imports downward only", () => {
    const upward = files.flatMap(({ path, room, imports }) =>
      imports
        .filter((name) => name.startsWith("."))
        .map((name) => roomOf(normalize(join(dirname(path), name))))
        .filter((other) => other !== room && !(floors[room] ?? []).includes(other))
        .map((other) => `${path} imports ${other}`),
    );
    expect(upward).toEqual([]);
  });

  it("imports files that exist, with their extension", () => {
    const missing = files.flatMap(({ path, imports }) =>
      imports
        .filter((name) => name.startsWith(".") && !existsSync(join(root, dirname(path), name)))
        .map((name) => `${path} imports ${name}`),
    );
    expect(missing).toEqual([]);
  });

  it("touches files, processes and the network in src/tools only", () => {
    const foreign = files.flatMap(({ path, room, imports }) =>
      imports
        .filter((name) => !name.startsWith("."))
        .filter((name) => (room === "grammar" || room === "syntax" ? name !== "chevrotain" : true))
        // The formatter builds prettier's documents, which is pure; only `nnc compile` formats with it.
        .filter((name) => !(room === "syntax" && name.startsWith("prettier")))
        // Encoding of protobuf messages, from data to bytes.
        .filter((name) => !(room === "backends" && name === "protobufjs/light.js"))
        .filter(() => room !== "tools")
        .map((name) => `${path} imports ${name}`),
    );
    expect(foreign).toEqual([]);
  });

  it("opens each file with a sentence on what it owns", () => {
    const silent = files
      .filter(({ path }) => !path.includes(".generated."))
      .filter(({ path }) => !/^(#!.*\n)?\/\*\*[\s*]+Owns\b/.test(readFileSync(join(root, path), "utf8")))
      .map(({ path }) => path);
    expect(silent).toEqual([]);
  });

  it("keeps files short enough to be read at a sitting", () => {
    // One list of types, and one grammar, which Chevrotain wants as one class.
    const whole = ["src/syntax/ast.ts", "grammar/parser.ts"];
    const long = files
      .filter(({ path, lines }) => lines > 400 && !path.includes(".generated.") && !whole.includes(path))
      .map(({ path, lines }) => `${path}: ${lines} lines`);
    expect(long).toEqual([]);
  });
});
