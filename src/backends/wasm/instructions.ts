/** Owns the instruction tree of WebAssembly: the part of its language that nests need, with operands as children. */

export type ValueType = "i32" | "f32" | "v128";

/** A local variable or parameter of a function. Compared by identity; its name is for readers and need not be unique. */
export interface WasmLocal {
  readonly name: string;
  readonly type: ValueType;
}

/** A place that branches go to. Compared by identity. */
export interface Label {
  readonly name: string;
}

/** Operations without immediates: opcode bytes (0xfd opens the vector ones), types taken and type given. */
export const operations = {
  "i32.eqz": operation([0x45], ["i32"], "i32"),
  "i32.eq": operation([0x46], ["i32", "i32"], "i32"),
  "i32.ne": operation([0x47], ["i32", "i32"], "i32"),
  "i32.lt_s": operation([0x48], ["i32", "i32"], "i32"),
  "i32.lt_u": operation([0x49], ["i32", "i32"], "i32"),
  "i32.le_s": operation([0x4c], ["i32", "i32"], "i32"),
  "i32.add": operation([0x6a], ["i32", "i32"], "i32"),
  "i32.sub": operation([0x6b], ["i32", "i32"], "i32"),
  "i32.mul": operation([0x6c], ["i32", "i32"], "i32"),
  "i32.div_s": operation([0x6d], ["i32", "i32"], "i32"),
  "i32.div_u": operation([0x6e], ["i32", "i32"], "i32"),
  "i32.rem_s": operation([0x6f], ["i32", "i32"], "i32"),
  "i32.rem_u": operation([0x70], ["i32", "i32"], "i32"),
  "i32.and": operation([0x71], ["i32", "i32"], "i32"),
  "i32.or": operation([0x72], ["i32", "i32"], "i32"),
  "i32.xor": operation([0x73], ["i32", "i32"], "i32"),
  "i32.shl": operation([0x74], ["i32", "i32"], "i32"),
  "i32.shr_s": operation([0x75], ["i32", "i32"], "i32"),
  "i32.shr_u": operation([0x76], ["i32", "i32"], "i32"),
  "i32.rotl": operation([0x77], ["i32", "i32"], "i32"),
  "i32.trunc_sat_f32_s": operation([0xfc, 0x00], ["f32"], "i32"),
  "f32.eq": operation([0x5b], ["f32", "f32"], "i32"),
  "f32.ne": operation([0x5c], ["f32", "f32"], "i32"),
  "f32.lt": operation([0x5d], ["f32", "f32"], "i32"),
  "f32.gt": operation([0x5e], ["f32", "f32"], "i32"),
  "f32.le": operation([0x5f], ["f32", "f32"], "i32"),
  "f32.abs": operation([0x8b], ["f32"], "f32"),
  "f32.neg": operation([0x8c], ["f32"], "f32"),
  "f32.ceil": operation([0x8d], ["f32"], "f32"),
  "f32.floor": operation([0x8e], ["f32"], "f32"),
  "f32.nearest": operation([0x90], ["f32"], "f32"),
  "f32.sqrt": operation([0x91], ["f32"], "f32"),
  "f32.add": operation([0x92], ["f32", "f32"], "f32"),
  "f32.sub": operation([0x93], ["f32", "f32"], "f32"),
  "f32.mul": operation([0x94], ["f32", "f32"], "f32"),
  "f32.div": operation([0x95], ["f32", "f32"], "f32"),
  "f32.min": operation([0x96], ["f32", "f32"], "f32"),
  "f32.max": operation([0x97], ["f32", "f32"], "f32"),
  "f32.convert_i32_s": operation([0xb2], ["i32"], "f32"),
  "f32.convert_i32_u": operation([0xb3], ["i32"], "f32"),
  "i32x4.splat": operation([0xfd, 17], ["i32"], "v128"),
  "f32x4.splat": operation([0xfd, 19], ["f32"], "v128"),
  "f32x4.eq": operation([0xfd, 65], ["v128", "v128"], "v128"),
  "f32x4.ne": operation([0xfd, 66], ["v128", "v128"], "v128"),
  "f32x4.lt": operation([0xfd, 67], ["v128", "v128"], "v128"),
  "f32x4.gt": operation([0xfd, 68], ["v128", "v128"], "v128"),
  "f32x4.le": operation([0xfd, 69], ["v128", "v128"], "v128"),
  "v128.not": operation([0xfd, 77], ["v128"], "v128"),
  "v128.and": operation([0xfd, 78], ["v128", "v128"], "v128"),
  "v128.or": operation([0xfd, 80], ["v128", "v128"], "v128"),
  "v128.xor": operation([0xfd, 81], ["v128", "v128"], "v128"),
  "v128.bitselect": operation([0xfd, 82], ["v128", "v128", "v128"], "v128"),
  "f32x4.ceil": operation([0xfd, 103], ["v128"], "v128"),
  "f32x4.floor": operation([0xfd, 104], ["v128"], "v128"),
  "f32x4.nearest": operation([0xfd, 106], ["v128"], "v128"),
  "i32x4.shl": operation([0xfd, 171], ["v128", "i32"], "v128"),
  "i32x4.shr_s": operation([0xfd, 172], ["v128", "i32"], "v128"),
  "i32x4.shr_u": operation([0xfd, 173], ["v128", "i32"], "v128"),
  "i32x4.add": operation([0xfd, 174], ["v128", "v128"], "v128"),
  "i32x4.sub": operation([0xfd, 177], ["v128", "v128"], "v128"),
  "f32x4.abs": operation([0xfd, 224], ["v128"], "v128"),
  "f32x4.neg": operation([0xfd, 225], ["v128"], "v128"),
  "f32x4.sqrt": operation([0xfd, 227], ["v128"], "v128"),
  "f32x4.add": operation([0xfd, 228], ["v128", "v128"], "v128"),
  "f32x4.sub": operation([0xfd, 229], ["v128", "v128"], "v128"),
  "f32x4.mul": operation([0xfd, 230], ["v128", "v128"], "v128"),
  "f32x4.div": operation([0xfd, 231], ["v128", "v128"], "v128"),
  "f32x4.min": operation([0xfd, 232], ["v128", "v128"], "v128"),
  "f32x4.max": operation([0xfd, 233], ["v128", "v128"], "v128"),
  "f32x4.pmin": operation([0xfd, 234], ["v128", "v128"], "v128"),
  "f32x4.pmax": operation([0xfd, 235], ["v128", "v128"], "v128"),
  "i32x4.trunc_sat_f32x4_s": operation([0xfd, 248], ["v128"], "v128"),
  "f32x4.convert_i32x4_s": operation([0xfd, 250], ["v128"], "v128"),
} as const;

interface OperationShape {
  readonly opcode: readonly number[];
  readonly takes: readonly ValueType[];
  readonly gives: ValueType;
}

function operation(opcode: readonly number[], takes: readonly ValueType[], gives: ValueType): OperationShape {
  return { opcode, takes, gives };
}

export type Operation = keyof typeof operations;

/** Opcode bytes and the alignment (a power of two) that each access has by nature; arenas keep to four bytes. */
export const accesses = {
  "i32.load": { opcode: [0x28], alignment: 2 },
  "f32.load": { opcode: [0x2a], alignment: 2 },
  "v128.load": { opcode: [0xfd, 0], alignment: 2 },
  "v128.load32_splat": { opcode: [0xfd, 9], alignment: 2 },
  "i32.store": { opcode: [0x36], alignment: 2 },
  "f32.store": { opcode: [0x38], alignment: 2 },
  "v128.store": { opcode: [0xfd, 11], alignment: 2 },
} as const;

export type LoadOperation = "i32.load" | "f32.load" | "v128.load" | "v128.load32_splat";
export type StoreOperation = "i32.store" | "f32.store" | "v128.store";

export type Instruction =
  | { readonly kind: "i32"; readonly value: number }
  | { readonly kind: "f32"; readonly value: number }
  | { readonly kind: "v128"; readonly shape: "f32x4" | "i32x4"; readonly lanes: readonly number[] }
  | { readonly kind: "get"; readonly local: WasmLocal }
  /** Where the memory of this instance's slice lies behind that of the first: the imported global `env.slice`. */
  | { readonly kind: "slice" }
  | { readonly kind: "set" | "tee"; readonly local: WasmLocal; readonly value: Instruction }
  /** Sets what a call of several results left beneath its last. */
  | { readonly kind: "setTop"; readonly local: WasmLocal }
  /** Reads at `address + offset`; the sum is not taken modulo 2³², so `address` may not be negative. */
  | {
      readonly kind: "load";
      readonly access: LoadOperation;
      readonly address: Instruction;
      readonly offset: number;
    }
  | {
      readonly kind: "store";
      readonly access: StoreOperation;
      readonly address: Instruction;
      readonly offset: number;
      readonly value: Instruction;
    }
  | { readonly kind: "operate"; readonly operation: Operation; readonly operands: readonly Instruction[] }
  /** One number of an `f32x4`. */
  | { readonly kind: "extract"; readonly lane: number; readonly of: Instruction }
  /** The `f32x4` with one number replaced. */
  | { readonly kind: "replace"; readonly lane: number; readonly in: Instruction; readonly by: Instruction }
  /** Both values are computed. */
  | {
      readonly kind: "select";
      readonly condition: Instruction;
      readonly whenTrue: Instruction;
      readonly whenFalse: Instruction;
    }
  | {
      readonly kind: "if";
      readonly condition: Instruction;
      /** The type that the last instruction of either branch leaves. */
      readonly result: ValueType | null;
      readonly then: readonly Instruction[];
      readonly otherwise: readonly Instruction[];
    }
  /** The value that the last of them leaves. */
  | { readonly kind: "block"; readonly result: ValueType; readonly body: readonly Instruction[] }
  | { readonly kind: "loop"; readonly label: Label; readonly body: readonly Instruction[] }
  | { readonly kind: "branchIf"; readonly label: Label; readonly condition: Instruction }
  | { readonly kind: "call"; readonly callee: string; readonly arguments: readonly Instruction[] }
  | { readonly kind: "comment"; readonly text: string };

export interface WasmFunction {
  /** Unique among functions and imports of the module. */
  readonly name: string;
  /** What it computes, for readers; may have several lines. */
  readonly text: string;
  readonly parameters: readonly WasmLocal[];
  /** What its last instructions leave, in order. */
  readonly results: readonly ValueType[];
  readonly body: readonly Instruction[];
  readonly exported: boolean;
}

/** A function of the host, imported as `env.name`. */
export interface HostFunction {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/** Its memory is imported as `env.memory`. */
export interface WasmModule {
  /** Least number of pages of 64 KiB that the memory must have. */
  readonly pages: number;
  /** Whether threads share the memory; then it also imports the global `env.slice`. */
  readonly shared: boolean;
  readonly hostFunctions: readonly HostFunction[];
  readonly functions: readonly WasmFunction[];
}

/** The children of an instruction in the order in which they are evaluated. */
export function childrenOf(instruction: Instruction): readonly Instruction[] {
  switch (instruction.kind) {
    case "set":
    case "tee":
      return [instruction.value];
    case "load":
      return [instruction.address];
    case "store":
      return [instruction.address, instruction.value];
    case "operate":
      return instruction.operands;
    case "extract":
      return [instruction.of];
    case "replace":
      return [instruction.in, instruction.by];
    case "select":
      return [instruction.whenTrue, instruction.whenFalse, instruction.condition];
    case "if":
      return [instruction.condition, ...instruction.then, ...instruction.otherwise];
    case "block":
    case "loop":
      return instruction.body;
    case "branchIf":
      return [instruction.condition];
    case "call":
      return instruction.arguments;
    case "i32":
    case "f32":
    case "v128":
    case "get":
    case "slice":
    case "setTop":
    case "comment":
      return [];
  }
}

/** The locals that a body uses besides the parameters: grouped by type, within a type in the order of their first use. */
export function localsOf(wasmFunction: WasmFunction): readonly WasmLocal[] {
  const parameters = new Set(wasmFunction.parameters);
  const found = new Set<WasmLocal>();
  const visit = (instruction: Instruction): void => {
    if ("local" in instruction && !parameters.has(instruction.local)) found.add(instruction.local);
    childrenOf(instruction).forEach(visit);
  };
  wasmFunction.body.forEach(visit);
  return (["i32", "f32", "v128"] as const).flatMap((type) =>
    [...found].filter((local) => local.type === type),
  );
}
