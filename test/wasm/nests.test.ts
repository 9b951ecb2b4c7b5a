/** Every kind of statement, number and integer, printed as WebAssembly and run beside a plain interpretation. */
import { describe, expect, test } from "vitest";
import wabtModule from "wabt";
import { emitWasm } from "../../src/backends/wasm/emit.ts";
import type {
  Buffer,
  Integer,
  Kernel,
  Local,
  Numeric,
  NumericFunction,
  Statement,
} from "../../src/ir/loops.ts";
import {
  apply,
  assign,
  buffer,
  callKernel,
  count,
  declare,
  define,
  element,
  inside,
  integer,
  literal,
  load,
  loop,
  named,
  number,
  program,
  quotient,
  remainder,
  routine,
  scaled,
  splat,
  store,
  sum,
} from "./build.ts";
import { type Contents, runBoth } from "./run.ts";
import { tiledProduct } from "./tile.ts";

const wabt = await wabtModule();
const size = 64;
const x = buffer("x", size);
const z = buffer("z", size);
const y = buffer("y", size);
const order = buffer("order", size, "index");
const found = buffer("found", size, "index");
const call = { count: 3, seed: 1234, step: 7, first: 100 };
const numbers = Array.from({ length: size }, (_, i) => Math.fround(Math.sin(i * 1.7) * 3));
const contents: Contents = new Map<Buffer, readonly number[]>([
  [x, numbers],
  [z, numbers.map((value, i) => (i % 5 === 0 ? value : Math.fround(Math.cos(i) * 2)))],
  [order, numbers.map((_, i) => (i * 37) % 16)],
]);

/** The bytes of our text as wabt assembles it, and both disassembled. */
function throughWabt(wat: string, bytes: Uint8Array): { readonly ours: string; readonly theirs: string } {
  const features = { simd: true, multi_value: true, sat_float_to_int: true, bulk_memory: true };
  const parsed = wabt.parseWat("ours.wat", wat, features);
  parsed.resolveNames();
  parsed.validate();
  const assembled = parsed.toBinary({}).buffer;
  const disassemble = (binary: Uint8Array) => {
    const module = wabt.readWasm(binary, { ...features, readDebugNames: false });
    module.validate();
    return module.toText({ foldExprs: false, inlineExport: false });
  };
  return { ours: disassemble(bytes), theirs: disassemble(assembled) };
}

/** Asserts that module, text and interpretation agree on the buffers that the statements write. */
function agree(
  body: readonly Statement[],
  kernels: readonly Kernel[] = [],
  written: readonly Buffer[] = [y],
): string {
  const both = runBoth(program([x, z, y, order, found], [routine("run", body)], kernels), contents, call);
  for (const each of written) {
    const expected = both.expected(each);
    both.computed(each).forEach((value, i) => {
      const wanted = expected[i]!;
      if (!Number.isFinite(wanted)) expect(value).toBe(wanted);
      else
        expect(Math.abs(value - wanted), `[${i}] ${value} for ${wanted}`).toBeLessThanOrEqual(
          2e-6 * (1 + Math.abs(wanted)),
        );
    });
    expect(expected.some((value) => value !== 0)).toBe(true);
  }
  const { ours, theirs } = throughWabt(both.wasm.wat, both.wasm.bytes);
  expect(ours).toBe(theirs);
  return both.wasm.wat;
}

const at = (i: Integer): Numeric => load(x, i);

describe("functions", () => {
  const unary: readonly NumericFunction[] = [
    ...(["negate", "exp", "expm1", "abs", "sign", "floor", "ceil", "round", "sin", "cos"] as const),
    ...(["tanh", "sigmoid", "erf", "not", "flush", "log", "log1p", "sqrt"] as const),
  ];
  const binary: readonly NumericFunction[] = [
    ...(["add", "subtract", "multiply", "divide", "maximum", "minimum", "power", "remainder"] as const),
    ...(["less", "less_equal", "equal", "not_equal", "and", "or"] as const),
  ];

  test.each(unary)("%s of one and of four", (name) => {
    agree([
      loop("i", 0, 32, 1, (i) => [store(y, i, apply(name, 1, at(i)))]),
      loop("i", 32, 64, 4, (i) => [store(y, i, apply(name, 4, load(x, i, 4)), 4)]),
    ]);
  });

  test.each(binary)("%s of one and of four", (name) => {
    agree([
      loop("i", 0, 32, 1, (i) => [store(y, i, apply(name, 1, at(i), load(z, i)))]),
      loop("i", 32, 64, 4, (i) => [store(y, i, apply(name, 4, load(x, i, 4), load(z, i, 4)), 4)]),
    ]);
  });

  test("one and four give the same bits", () => {
    const vector = apply("tanh", 4, load(x, literal(0), 4));
    const body = [
      store(y, literal(0), vector, 4),
      ...[0, 1, 2, 3].map((i) => store(y, literal(4 + i), apply("tanh", 1, at(literal(i))))),
    ];
    const both = runBoth(program([x, y], [routine("run", body)]), contents, call);
    expect(both.computed(y).slice(0, 4)).toEqual(both.computed(y).slice(4, 8));
  });

  test("a square needs no power", () => {
    const wat = agree([
      loop("i", 0, 64, 4, (i) => [store(y, i, apply("power", 4, load(x, i, 4), number(2, 4)), 4)]),
    ]);
    expect(wat).not.toContain("pow");
  });

  test("multiplyAdd", () => {
    agree([
      loop("i", 0, 32, 1, (i) => [store(y, i, apply("multiplyAdd", 1, at(i), load(z, i), number(0.5)))]),
      loop("i", 32, 64, 4, (i) => [
        store(y, i, apply("multiplyAdd", 4, load(x, i, 4), load(z, i, 4), number(0.5, 4)), 4),
      ]),
    ]);
  });

  test("flush makes denormals zero", () => {
    const tiny = new Map<Buffer, readonly number[]>([[x, [1e-40, -1e-42, 0.5, 1e-30]]]);
    const both = runBoth(
      program([x, y], [routine("run", [store(y, literal(0), apply("flush", 4, load(x, literal(0), 4)), 4)])]),
      tiny,
      call,
    );
    expect(both.computed(y).slice(0, 3)).toEqual([0, 0, 0.5]);
  });

  test("a maximum hands NaN on", () => {
    const odd = new Map<Buffer, readonly number[]>([[x, [NaN, 1, -1, NaN]]]);
    const body = [store(y, literal(0), apply("maximum", 4, load(x, literal(0), 4), number(0, 4)), 4)];
    const both = runBoth(program([x, y], [routine("run", body)]), odd, call);
    expect(both.computed(y).slice(0, 4)).toEqual([NaN, 1, 0, NaN]);
  });
});

describe("choices", () => {
  const positive = (lanes: 1 | 4, of: Numeric) => apply("less", lanes, number(0, lanes), of);

  test("of one: both computed, or only one where it reads", () => {
    const wat = agree([
      loop("i", 0, 64, 1, (i) => {
        const value: Local = { name: "value", lanes: 1 };
        const light = apply("select", 1, positive(1, named(value)), named(value), number(-1));
        return [
          define(value, at(i)),
          store(
            y,
            i,
            apply("add", 1, light, apply("select", 1, positive(1, named(value)), load(z, i), number(2))),
          ),
        ];
      }),
    ]);
    expect(wat).toContain("(select");
    expect(wat).toContain("(if (result f32)");
  });

  test("of four: by a mask, or by one condition for all", () => {
    const wat = agree([
      loop("i", 0, 64, 4, (i) => {
        const by = load(x, i, 4);
        const masked = apply("select", 4, positive(4, by), by, number(-1, 4));
        const shared = apply(
          "and",
          4,
          splat(inside(sum(i, -8), literal(48))),
          splat(apply("not", 1, positive(1, at(literal(0))))),
        );
        return [
          store(y, i, apply("add", 4, masked, apply("select", 4, shared, load(z, i, 4), number(3, 4))), 4),
        ];
      }),
    ]);
    expect(wat).toContain("v128.bitselect");
    expect(wat).toContain("(if (result v128)");
  });

  test("a guard keeps what lies outside of memory from being read", () => {
    agree([
      loop("i", 0, 16, 1, (i) => [
        store(
          y,
          i,
          [-20, -1, 0, 2].reduce(
            (total: Numeric, shift) =>
              apply(
                "add",
                1,
                total,
                apply("select", 1, inside(sum(i, shift), literal(16)), load(x, sum(i, shift)), number(0)),
              ),
            number(0),
          ),
        ),
      ]),
    ]);
  });
});

describe("places", () => {
  test("all kinds of integers as numbers", () => {
    agree([
      loop("i", -9, 12, 3, (i) => [
        loop("j", 0, 2, 1, (j) => {
          const mixed = sum(scaled(5, i), j, 2);
          const parts = [
            quotient(mixed, 8),
            remainder(mixed, 8),
            quotient(mixed, 7),
            remainder(mixed, 7),
            quotient(sum(i, j, 40), 7),
            remainder(sum(i, j, 40), 7),
            count,
            element(order, sum(i, j, 20)),
          ];
          const weighted = sum(...parts.map((part, place) => scaled(2 ** place, part)));
          return [store(y, sum(scaled(2, quotient(sum(i, 9), 3)), j), integer(weighted))];
        }),
      ]),
    ]);
  });

  test("quotients and remainders of places, gathered and scattered", () => {
    agree([
      loop("i", 0, 4, 1, (i) => [
        loop("j", 0, 8, 1, (j) => [
          store(
            y,
            sum(scaled(16, remainder(sum(i, j), 4)), j, scaled(8, quotient(i, 2))),
            apply(
              "add",
              1,
              load(x, sum(element(order, sum(i, 3)), j)),
              load(z, element(order, sum(scaled(8, i), j))),
            ),
          ),
        ]),
      ]),
    ]);
  });

  test("panels by quotient and remainder need no division in a loop that steps over them", () => {
    const wat = agree([
      loop("j", 0, 16, 8, (j) => [
        loop("k", 0, 4, 1, (k) => [
          store(
            y,
            sum(scaled(32, quotient(j, 8)), scaled(8, k), remainder(sum(j, 4), 8)),
            load(x, sum(j, k), 4),
            4,
          ),
        ]),
      ]),
    ]);
    expect(wat).not.toMatch(/shr|and|div|rem/);
  });

  test("an index that the same loop wrote is read again", () => {
    agree(
      [
        loop("i", 0, 16, 1, (i) => [
          store(found, i, integer(remainder(scaled(5, i), 16))),
          store(y, i, load(x, element(found, i))),
          store(found, i, apply("add", 1, load(found, i), number(1.75))),
          store(y, sum(i, 16), apply("add", 1, load(x, element(found, i)), load(found, i))),
        ]),
      ],
      [],
      [y, found],
    );
  });

  test("bounds that the run decides: count, triangles, elements, none at all", () => {
    agree([
      loop("b", 0, count, 1, (b) => [
        loop("j", b, 8, 1, (j) => [store(y, sum(scaled(8, b), j), load(x, sum(b, scaled(2, j))))]),
        loop("k", 0, b, 1, (k) => [store(y, sum(scaled(8, b), k), load(z, k))]),
        loop("l", 0, element(order, sum(b, 1)), 4, (l) => [
          store(y, sum(scaled(8, b), remainder(l, 8), 32), load(x, l)),
        ]),
      ]),
      loop("never", 3, 3, 1, (i) => [store(y, i, number(9))]),
      loop("once", 5, 6, 1, (i) => [store(y, scaled(12, i), integer(i))]),
    ]);
  });

  test("a loop that goes down in memory", () => {
    agree([loop("i", 0, 16, 1, (i) => [store(y, i, load(x, sum(scaled(-1, i), 15)))])]);
  });
});

describe("statements", () => {
  test("accumulators", () => {
    const total: Local = { name: "total", lanes: 1 };
    agree([
      loop("i", 0, 8, 1, (i) => [
        declare(total, number(0)),
        loop("k", 0, 8, 1, (k) => [
          assign(total, apply("add", 1, named(total), load(x, sum(scaled(8, i), k)))),
        ]),
        store(y, i, named(total)),
      ]),
    ]);
  });

  test("a kernel is called with other buffers, itself by a kernel", () => {
    const [from, into] = [buffer("from", 16), buffer("into", 16)];
    const double: Kernel = {
      name: "double",
      text: "into[i] = 2 * from[i]",
      parameters: [from, into],
      body: [
        loop("i", 0, 16, 4, (i) => [
          store(into, i, apply("multiply", 4, load(from, i, 4), splat(number(2))), 4),
        ]),
        loop("i", 0, count, 1, (i) => [store(into, sum(i, 4), load(from, sum(i, -1, 2)))]),
      ],
    };
    const outer: Kernel = {
      name: "outer",
      text: "",
      parameters: [into],
      body: [callKernel(double, x, into)],
    };
    const wat = agree([callKernel(double, z, x), callKernel(outer, y)], [double, outer], [x, y]);
    expect(wat).toContain(";; into[i] = 2 * from[i]");
  });

  test("a tile reads four rows by one pointer", () => {
    const [a, b, bias, c] = [
      buffer("a", 8 * 12),
      buffer("b", 12 * 16),
      buffer("bias", 16),
      buffer("c", 8 * 16),
    ];
    const body = [tiledProduct({ rows: 8, columns: 16, summed: 12, a, b, bias, c })];
    const filled = new Map(
      [a, b, bias].map((each) => [each, Array.from({ length: each.storage }, (_, i) => Math.sin(i))]),
    );
    const both = runBoth(program([a, b, bias, c], [routine("run", body)]), filled, call);
    const expected = both.expected(c);
    both.computed(c).forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 4));
    const inner = both.wasm.wat.slice(both.wasm.wat.indexOf("(loop $k"), both.wasm.wat.indexOf("br_if $k"));
    expect(inner.match(/i32\.add/g)).toHaveLength(2);
    expect(inner.match(/load32_splat/g)).toHaveLength(4);
    expect(inner.match(/i32\.mul/g)).toBeNull();
  });
});

describe("draws", () => {
  test.each(["uniform", "normal"] as const)("%s, in a section, a kernel and a routine", (distribution) => {
    const draw = (sample: Integer | null, which: Integer, stream: number): Numeric => ({
      kind: "random",
      distribution,
      stream,
      sample,
      element: which,
    });
    const into = buffer("into", 64);
    const noisy: Kernel = {
      name: "noisy",
      text: "",
      parameters: [into],
      body: [loop("i", 0, 8, 1, (i) => [store(into, sum(i, 24), draw(i, literal(1), 5))])],
    };
    const sections = [
      [store(y, literal(40), draw(null, literal(3), -77))],
      [
        loop("b", 0, count, 1, (b) => [
          loop("j", 0, 8, 1, (j) => [store(y, sum(scaled(8, b), j), draw(b, j, 123456789))]),
        ]),
        callKernel(noisy, y),
      ],
      [callKernel(noisy, y)],
    ];
    const drawn = program([x, y], [routine("run", ...sections)], [noisy]);
    const both = runBoth(drawn, contents, call);
    const expected = both.expected(y);
    both
      .computed(y)
      .forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, distribution === "uniform" ? 12 : 5));
    const { ours, theirs } = throughWabt(both.wasm.wat, both.wasm.bytes);
    expect(ours).toBe(theirs);
  });
});

test("exports and host functions are listed", () => {
  const body = [store(y, literal(0), apply("sin", 1, at(literal(0))))];
  const wasm = emitWasm(program([x, y], [routine("predict", body), routine("update", [])]));
  expect(wasm.exports).toEqual(["predict", "update"]);
  expect(wasm.hostFunctions).toEqual(["sin"]);
});
