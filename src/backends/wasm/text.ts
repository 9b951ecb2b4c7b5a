/** Owns the text form of a module, for people: folded expressions, names, and what each function computes above it. */
import { mostPages } from "./encode.ts";
import {
  localsOf,
  type HostFunction,
  type Instruction,
  type Label,
  type ValueType,
  type WasmFunction,
  type WasmLocal,
  type WasmModule,
} from "./instructions.ts";

const width = 110;

/** The module as WebAssembly text (WAT), which assembles to what `encodeModule` gives. */
export function printModule(module: WasmModule): string {
  const lines = [
    "(module",
    ...module.hostFunctions.map((host) => `  ${printHost(host)}`),
    `  (import "env" "memory" (memory ${module.shared ? `${module.pages} ${mostPages} shared` : module.pages}))`,
    ...(module.shared ? ['  (import "env" "slice" (global $slice i32))'] : []),
    ...module.functions.flatMap((each) => ["", ...printFunction(each).map(indent)]),
    ")",
  ];
  return lines.map((line) => line.trimEnd()).join("\n") + "\n";
}

function printHost(host: HostFunction): string {
  const signature = [...typed("param", host.parameters), ...typed("result", host.results)];
  return `(import "env" "${host.name}" (func ${["$" + host.name, ...signature].join(" ")}))`;
}

function typed(word: "param" | "result", types: readonly ValueType[]): string[] {
  return types.length === 0 ? [] : [`(${word} ${types.join(" ")})`];
}

function printFunction(wasmFunction: WasmFunction): string[] {
  const locals = localsOf(wasmFunction);
  const names = new Names([...wasmFunction.parameters, ...locals]);
  const head = [
    `(func $${wasmFunction.name}`,
    ...(wasmFunction.exported ? [`(export "${wasmFunction.name}")`] : []),
    ...wasmFunction.parameters.map((parameter) => `(param ${names.of(parameter)} ${parameter.type})`),
    ...typed("result", wasmFunction.results),
  ];
  return [
    ...comment(wasmFunction.text),
    ...fill(head, "    "),
    ...fill(
      locals.map((local) => `(local ${names.of(local)} ${local.type})`),
      "",
    ).map(indent),
    ...wasmFunction.body.flatMap((instruction) => printInstruction(instruction, names)).map(indent),
    ")",
  ];
}

/** Words in as few lines as their width allows; the lines after the first are indented by `hanging`. */
function fill(words: readonly string[], hanging: string): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < width - 10)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(lines.length === 0 ? word : hanging + word);
  }
  return lines;
}

function comment(text: string): string[] {
  return text === "" ? [] : text.split("\n").map((line) => `;; ${line}`);
}

const indent = (line: string): string => `  ${line}`;

function printInstruction(instruction: Instruction, names: Names): string[] {
  switch (instruction.kind) {
    case "comment":
      return comment(instruction.text);
    case "loop":
      return [
        `(loop ${names.ofLabel(instruction.label)}`,
        ...instruction.body.flatMap((each) => printInstruction(each, names)).map(indent),
        ")",
      ];
    case "block":
      return [
        `(block (result ${instruction.result})`,
        ...instruction.body.flatMap((each) => printInstruction(each, names)).map(indent),
        ")",
      ];
    case "if": {
      const branch = (word: string, body: readonly Instruction[]) => [
        `(${word}`,
        ...body.flatMap((each) => printInstruction(each, names)).map(indent),
        ")",
      ];
      const result = instruction.result === null ? "if" : `if (result ${instruction.result})`;
      return fold(result, [
        printInstruction(instruction.condition, names),
        branch("then", instruction.then),
        ...(instruction.otherwise.length === 0 ? [] : [branch("else", instruction.otherwise)]),
      ]);
    }
    default: {
      const { head, operands } = plain(instruction, names);
      return fold(
        head,
        operands.map((operand) => printInstruction(operand, names)),
      );
    }
  }
}

/** On one line where it fits. */
function fold(head: string, operands: readonly (readonly string[])[]): string[] {
  const flat = `(${[head, ...operands.flat().map((line) => line.trim())].join(" ")})`;
  const commented = operands.some((lines) => lines.some((line) => line.includes(";;")));
  if (!commented && flat.length <= width - 20) return [flat.replaceAll(" )", ")")];
  return [`(${head}`, ...operands.flat().map(indent), ")"];
}

function plain(
  instruction: Exclude<Instruction, { kind: "comment" | "block" | "loop" | "if" }>,
  names: Names,
): { readonly head: string; readonly operands: readonly Instruction[] } {
  switch (instruction.kind) {
    case "i32":
      return { head: `i32.const ${instruction.value}`, operands: [] };
    case "f32":
      return { head: `f32.const ${printFloat(instruction.value)}`, operands: [] };
    case "v128": {
      const lane = instruction.shape === "f32x4" ? printFloat : String;
      return {
        head: `v128.const ${[instruction.shape, ...instruction.lanes.map(lane)].join(" ")}`,
        operands: [],
      };
    }
    case "get":
      return { head: `local.get ${names.of(instruction.local)}`, operands: [] };
    case "slice":
      return { head: "global.get $slice", operands: [] };
    case "set":
    case "tee":
      return {
        head: `local.${instruction.kind} ${names.of(instruction.local)}`,
        operands: [instruction.value],
      };
    case "setTop":
      return { head: `local.set ${names.of(instruction.local)}`, operands: [] };
    case "load":
      return { head: accessHead(instruction), operands: [instruction.address] };
    case "store":
      return { head: accessHead(instruction), operands: [instruction.address, instruction.value] };
    case "operate":
      return { head: instruction.operation, operands: instruction.operands };
    case "extract":
      return { head: `f32x4.extract_lane ${instruction.lane}`, operands: [instruction.of] };
    case "replace":
      return { head: `f32x4.replace_lane ${instruction.lane}`, operands: [instruction.in, instruction.by] };
    case "select":
      return {
        head: "select",
        operands: [instruction.whenTrue, instruction.whenFalse, instruction.condition],
      };
    case "branchIf":
      return { head: `br_if ${names.ofLabel(instruction.label)}`, operands: [instruction.condition] };
    case "call":
      return { head: `call $${instruction.callee}`, operands: instruction.arguments };
  }
}

function accessHead({ access, offset }: { readonly access: string; readonly offset: number }): string {
  const alignment = access.startsWith("v128") && access !== "v128.load32_splat" ? " align=4" : "";
  return `${access}${offset === 0 ? "" : ` offset=${offset}`}${alignment}`;
}

function printFloat(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  return Object.is(value, -0) ? "-0" : shortestFloat32(value);
}

/** The shortest decimal that is read as the same float32. */
function shortestFloat32(value: number): string {
  const rounded = Math.fround(value);
  for (let digits = 1; digits < 9; digits++) {
    const candidate = rounded.toPrecision(digits);
    if (Math.fround(Number(candidate)) === rounded) return String(Number(candidate));
  }
  return String(Number(rounded.toPrecision(9)));
}

/** Unique names within one function. */
class Names {
  readonly #names = new Map<WasmLocal | Label, string>();
  readonly #taken = new Set<string>();

  constructor(locals: readonly WasmLocal[]) {
    for (const local of locals) this.of(local);
  }

  of(local: WasmLocal): string {
    return this.#nameOf(local);
  }

  ofLabel(label: Label): string {
    return this.#nameOf(label);
  }

  #nameOf(named: WasmLocal | Label): string {
    const known = this.#names.get(named);
    if (known !== undefined) return known;
    const wanted = "$" + named.name.replace(/[^A-Za-z0-9_.']/g, "_");
    let name = wanted;
    for (let copy = 2; this.#taken.has(name); copy++) name = `${wanted}_${copy}`;
    this.#taken.add(name);
    this.#names.set(named, name);
    return name;
  }
}
