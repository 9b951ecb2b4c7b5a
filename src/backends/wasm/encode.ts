/** Owns the binary form of a module, as the WebAssembly core specification (version 2, chapter 5) has it. */
import {
  accesses,
  localsOf,
  operations,
  type Instruction,
  type Label,
  type ValueType,
  type WasmFunction,
  type WasmLocal,
  type WasmModule,
} from "./instructions.ts";

const typeCodes: Readonly<Record<ValueType, number>> = { i32: 0x7f, f32: 0x7d, v128: 0x7b };
const section = { type: 1, import: 2, function: 3, export: 7, code: 10 } as const;
const external = { function: 0, memory: 2, global: 3 } as const;

/** Of a shared memory the most is told: 4 GiB. */
export const mostPages = 65536;

/** The bytes of the module. Instructions must be typed correctly: nothing is checked here. */
export function encodeModule(module: WasmModule): Uint8Array {
  const signatures = new SignatureTable();
  const hosts = module.hostFunctions.map((host) => signatures.indexOf(host.parameters, host.results));
  const types = module.functions.map((each) =>
    signatures.indexOf(
      each.parameters.map((parameter) => parameter.type),
      each.results,
    ),
  );
  const callees = new Map(
    [...module.hostFunctions, ...module.functions].map((callee, index) => [callee.name, index]),
  );
  const limits = module.shared
    ? [3, ...unsigned(module.pages), ...unsigned(mostPages)]
    : [0, ...unsigned(module.pages)];
  const memory = [...text("env"), ...text("memory"), external.memory, ...limits];
  const slice = module.shared ? [[...text("env"), ...text("slice"), external.global, typeCodes.i32, 0]] : [];
  const imports = module.hostFunctions.map((host, index) => [
    ...text("env"),
    ...text(host.name),
    external.function,
    ...unsigned(hosts[index]!),
  ]);
  const exports = module.functions.flatMap((each) =>
    each.exported ? [[...text(each.name), external.function, ...unsigned(callees.get(each.name)!)]] : [],
  );
  const bodies = module.functions.map((each) => sized(functionBody(each, callees)));
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...sectionBytes(section.type, signatures.entries()),
    ...sectionBytes(section.import, [...imports, memory, ...slice]),
    ...sectionBytes(section.function, types.map(unsigned)),
    ...sectionBytes(section.export, exports),
    ...sectionBytes(section.code, bodies),
  ]);
}

/** Distinct function types in the order of their first use. */
class SignatureTable {
  readonly #places = new Map<string, number>();
  readonly #entries: number[][] = [];

  indexOf(parameters: readonly ValueType[], results: readonly ValueType[]): number {
    const key = `${parameters.join()}>${results.join()}`;
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    this.#places.set(key, this.#entries.length);
    const codes = (types: readonly ValueType[]) => vector(types.map((type) => [typeCodes[type]]));
    this.#entries.push([0x60, ...codes(parameters), ...codes(results)]);
    return this.#entries.length - 1;
  }

  entries(): readonly number[][] {
    return this.#entries;
  }
}

/** Locals are numbered as they are grouped by type, parameters first. */
function functionBody(wasmFunction: WasmFunction, callees: ReadonlyMap<string, number>): number[] {
  const locals = localsOf(wasmFunction);
  const groups = (["i32", "f32", "v128"] as const)
    .map((type) => ({ type, members: locals.filter((local) => local.type === type) }))
    .filter((group) => group.members.length > 0);
  const order = [...wasmFunction.parameters, ...locals];
  const writer = new BodyWriter(new Map(order.map((local, index) => [local, index])), callees);
  writer.sequence(wasmFunction.body);
  return [
    ...vector(groups.map(({ type, members }) => [...unsigned(members.length), typeCodes[type]])),
    ...writer.bytes,
    0x0b,
  ];
}

class BodyWriter {
  readonly bytes: number[] = [];
  /** Enclosing structures, innermost last; `if` and `block` cannot be branched to here. */
  readonly #labels: (Label | null)[] = [];
  readonly #locals: ReadonlyMap<WasmLocal, number>;
  readonly #callees: ReadonlyMap<string, number>;

  constructor(locals: ReadonlyMap<WasmLocal, number>, callees: ReadonlyMap<string, number>) {
    this.#locals = locals;
    this.#callees = callees;
  }

  sequence(instructions: readonly Instruction[]): void {
    for (const instruction of instructions) this.instruction(instruction);
  }

  instruction(instruction: Instruction): void {
    switch (instruction.kind) {
      case "i32":
        return this.#put(0x41, ...signed(instruction.value));
      case "f32":
        return this.#put(0x43, ...float32(instruction.value));
      case "v128": {
        const lane = instruction.shape === "f32x4" ? float32 : int32;
        return this.#put(0xfd, 12, ...instruction.lanes.flatMap(lane));
      }
      case "get":
        return this.#put(0x20, ...unsigned(this.#indexOf(instruction.local)));
      case "slice":
        return this.#put(0x23, 0);
      case "set":
      case "tee":
        this.instruction(instruction.value);
        return this.#put(
          instruction.kind === "set" ? 0x21 : 0x22,
          ...unsigned(this.#indexOf(instruction.local)),
        );
      case "setTop":
        return this.#put(0x21, ...unsigned(this.#indexOf(instruction.local)));
      case "load":
      case "store": {
        this.instruction(instruction.address);
        if (instruction.kind === "store") this.instruction(instruction.value);
        const { opcode, alignment } = accesses[instruction.access];
        return this.#put(...opcode, alignment, ...unsigned(instruction.offset));
      }
      case "operate": {
        this.sequence(instruction.operands);
        const { opcode } = operations[instruction.operation];
        return this.#put(opcode[0]!, ...(opcode.length > 1 ? unsigned(opcode[1]!) : []));
      }
      case "extract":
        this.instruction(instruction.of);
        return this.#put(0xfd, 31, instruction.lane);
      case "replace":
        this.sequence([instruction.in, instruction.by]);
        return this.#put(0xfd, 32, instruction.lane);
      case "select":
        this.sequence([instruction.whenTrue, instruction.whenFalse, instruction.condition]);
        return this.#put(0x1b);
      case "if":
        this.instruction(instruction.condition);
        this.#put(0x04, instruction.result === null ? 0x40 : typeCodes[instruction.result]);
        this.#within(null, instruction.then);
        if (instruction.otherwise.length > 0) {
          this.#put(0x05);
          this.#within(null, instruction.otherwise);
        }
        return this.#put(0x0b);
      case "block":
        this.#put(0x02, typeCodes[instruction.result]);
        this.#within(null, instruction.body);
        return this.#put(0x0b);
      case "loop":
        this.#put(0x03, 0x40);
        this.#within(instruction.label, instruction.body);
        return this.#put(0x0b);
      case "branchIf": {
        this.instruction(instruction.condition);
        const depth = [...this.#labels].reverse().indexOf(instruction.label);
        return this.#put(0x0d, ...unsigned(depth));
      }
      case "call": {
        this.sequence(instruction.arguments);
        const index = this.#callees.get(instruction.callee);
        if (index === undefined) throw new Error(`no function ${instruction.callee} is in the module`);
        return this.#put(0x10, ...unsigned(index));
      }
      case "comment":
        return;
    }
  }

  #put(...bytes: readonly number[]): void {
    this.bytes.push(...bytes);
  }

  #within(label: Label | null, body: readonly Instruction[]): void {
    this.#labels.push(label);
    this.sequence(body);
    this.#labels.pop();
  }

  #indexOf(local: WasmLocal): number {
    const index = this.#locals.get(local);
    if (index === undefined) throw new Error(`no local ${local.name} is in the function`);
    return index;
  }
}

function sectionBytes(id: number, entries: readonly (readonly number[])[]): number[] {
  return entries.length === 0 ? [] : [id, ...sized(vector(entries))];
}

function vector(entries: readonly (readonly number[])[]): number[] {
  return [...unsigned(entries.length), ...entries.flat()];
}

function sized(bytes: number[]): number[] {
  return unsigned(bytes.length).concat(bytes);
}

function text(value: string): number[] {
  return sized([...new TextEncoder().encode(value)]);
}

/** LEB128 of a number from 0 to 2³² - 1. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value >>> 0;
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  return [...bytes, rest];
}

/** LEB128 of a number from -2³¹ to 2³¹ - 1. */
export function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  while (rest < -64 || rest > 63) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>= 7;
  }
  return [...bytes, rest & 0x7f];
}

function float32(value: number): number[] {
  return [...new Uint8Array(Float32Array.of(value).buffer)];
}

function int32(value: number): number[] {
  return [...new Uint8Array(Int32Array.of(value).buffer)];
}
