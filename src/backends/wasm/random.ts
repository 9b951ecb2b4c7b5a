/**
 * Owns draws in WebAssembly: Threefry-2x32 with 20 rounds (Salmon, Moraes, Dror and Shaw: Parallel Random Numbers: As
 * Easy as 1, 2, 3, 2011), with the bits of the runtime's `random.ts`.
 */
import { call, get, integer, number, operate, plus, set } from "./build.ts";
import type { Instruction, WasmFunction, WasmLocal } from "./instructions.ts";

export type RandomName = "threefry" | "uniform" | "normal";

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
    const radius = operate(
      "f32.mul",
      operate("f32.convert_i32_u", plus(upper(get(first)), integer(1))),
      number(2 ** -24),
    );
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

export const randomFunctions: Readonly<Record<RandomName, () => WasmFunction>> = {
  threefry,
  uniform,
  normal,
};
