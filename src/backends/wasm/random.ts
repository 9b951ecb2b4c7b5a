/**
 * Owns draws in WebAssembly: Threefry-2x32 with 20 rounds (Salmon, Moraes, Dror and Shaw: Parallel Random Numbers: As
 * Easy as 1, 2, 3, 2011), to the bit what `ir/random.ts` says; a
 * normal draw within the rounding of float32.
 */
import { call, get, integer, number, operate, plus, set } from "./build.ts";
import type { Instruction, WasmFunction, WasmLocal } from "./instructions.ts";

export type RandomName = "threefry" | "line_key" | "uniform" | "normal";

/** Both words that the key makes of the counter. */
function threefry(): WasmFunction {
  const [key0, key1, a, b] = ["key0", "key1", "a", "b"].map(word) as [
    WasmLocal,
    WasmLocal,
    WasmLocal,
    WasmLocal,
  ];
  const key2 = word("key2");
  const keys = [key0, key1, key2] as const;
  const rotations = [
    [13, 15, 26, 6],
    [17, 29, 16, 24],
  ] as const;
  const increase = (local: WasmLocal, by: Instruction) => set(local, plus(get(local), by));
  const body: Instruction[] = [
    set(key2, operate("i32.xor", operate("i32.xor", get(key0), get(key1)), integer(0x1bd11bda))),
    increase(a, get(key0)),
    increase(b, get(key1)),
  ];
  for (let block = 1; block <= 5; block++) {
    for (const rotation of rotations[(block - 1) % 2]!) {
      body.push(
        increase(a, get(b)),
        set(b, operate("i32.xor", operate("i32.rotl", get(b), integer(rotation)), get(a))),
      );
    }
    body.push(increase(a, get(keys[block % 3]!)));
    body.push(set(b, plus(plus(get(b), get(keys[(block + 1) % 3]!)), integer(block))));
  }
  return {
    name: "threefry",
    text: "Threefry-2x32-20: two random words of a key and a counter (a, b)",
    parameters: [key0, key1, a, b],
    results: ["i32", "i32"],
    body: [...body, get(a), get(b)],
    exported: false,
  };
}

const word = (name: string): WasmLocal => ({ name, type: "i32" });

/** The upper 24 bits of a word. */
const upper = (value: Instruction) => operate("i32.shr_u", value, integer(8));

function drawn(
  name: RandomName,
  text: string,
  finish: (first: WasmLocal, second: WasmLocal) => Instruction,
): WasmFunction {
  const parameters = ["key", "step", "sample", "element"].map(word);
  const first = word("first");
  const second = word("second");
  return {
    name,
    text,
    parameters,
    results: ["f32"],
    body: [
      // The call leaves two words, the second on top.
      set(second, call("threefry", ...parameters.map(get))),
      { kind: "setTop", local: first },
      finish(first, second),
    ],
    exported: false,
  };
}

function uniform(): WasmFunction {
  return drawn("uniform", "evenly in 0 … 1, without 1", (first) =>
    operate("f32.mul", operate("f32.convert_i32_u", upper(get(first))), number(2 ** -24)),
  );
}

/** With mean 0 and deviation 1, by Box and Muller. */
function normal(): WasmFunction {
  return drawn("normal", "√(-2 log u) · cos(2π v) of two even draws (Box and Muller)", (first, second) => {
    // (word / 2⁸ + ½) · 2⁻²⁴, whose integer part and half are one odd number.
    const odd = operate("i32.or", operate("i32.shl", upper(get(first)), integer(1)), integer(1));
    const radius = operate("f32.mul", operate("f32.convert_i32_u", odd), number(2 ** -25));
    const logarithm: Instruction = {
      kind: "extract",
      lane: 0,
      of: call("log", operate("f32x4.splat", radius)),
    };
    const turns = operate(
      "f32.mul",
      operate("f32.convert_i32_u", upper(get(second))),
      number(2 ** -24 * 2 * Math.PI),
    );
    return operate(
      "f32.mul",
      operate("f32.sqrt", operate("f32.mul", number(-2), logarithm)),
      call("cos", turns),
    );
  });
}

/** The key word of a line: its seed and stream mixed. Seeds have 32 bits here. */
function lineKey(): WasmFunction {
  const [seed, stream, key] = [word("seed"), word("stream"), word("key")];
  return {
    name: "line_key",
    text: "the key of what one line draws: seed and stream mixed",
    parameters: [seed, stream],
    results: ["i32"],
    // The second word is set first, the first replaces it.
    body: [
      set(key, call("threefry", get(seed), integer(0), get(stream), integer(0))),
      { kind: "setTop", local: key },
      get(key),
    ],
    exported: false,
  };
}

export const randomFunctions: Readonly<Record<RandomName, () => WasmFunction>> = {
  threefry,
  line_key: lineKey,
  uniform,
  normal,
};
