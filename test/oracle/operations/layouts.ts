/** Owns how operations that only move numbers are said in the language. */
import type { OperationCase } from "../cases.ts";
import { type Mappings, axisNames, fromEnd, numberText, numbers, rankOf, shapeOf } from "./mapping.ts";

function placeOf(of: OperationCase, name: string, axis: unknown): number {
  const rank = rankOf(of, name);
  return rank + fromEnd(axis, rank);
}

/** Python's `range(begin, end, step)` over an axis of `size`. */
function places([begin, end, step]: readonly (number | null)[], size: number): readonly number[] {
  const by = step ?? 1;
  const edge = (at: number | null | undefined, otherwise: number): number =>
    at === null || at === undefined ? otherwise : at < 0 ? at + size : at;
  const [from, to] = by > 0 ? [edge(begin, 0), edge(end, size)] : [edge(begin, size - 1), edge(end, -1)];
  const found: number[] = [];
  for (let at = from; by > 0 ? at < to : at > to; at += by) found.push(at);
  return found;
}

/** Along one axis: what lies in front, the tensor, what lies behind; mirrored at the border, or the border again and again. */
function bordering(
  of: OperationCase,
  axis: number,
  [before, after]: readonly [number, number],
  mirrored: boolean,
): readonly string[] {
  if (before + after === 0) return [];
  const shape = shapeOf(of, "x");
  const [size, over] = [shape[axis]!, axis - shape.length];
  const cut = (from: number, to: number): string =>
    `y[${[...Array.from({ length: axis }, () => ":"), `${from}:${to}`].join(", ")}]`;
  const repeated = (from: number, times: number): readonly string[] =>
    Array.from({ length: times }, () => cut(from, from + 1));
  const front = mirrored ? [`flip(${cut(1, before + 1)}, over: ${over})`] : repeated(0, before);
  const behind = mirrored
    ? [`flip(${cut(size - 1 - after, size - 1)}, over: ${over})`]
    : repeated(size - 1, after);
  const parts = [...(before > 0 ? front : []), "y", ...(after > 0 ? behind : [])];
  return [`y = concat(${parts.join(", ")}, over: ${over})`];
}

export const layoutMappings: Mappings = {
  transpose: (of) => {
    const order = numbers(of.attrs["perm"]);
    const names = axisNames(order.length);
    const body = `y[${order.map((axis) => names[axis]).join(", ")}] = x[${names.join(", ")}]`;
    return order[0] === 0 ? { body, batched: ["x", "y"], alone: true } : { body };
  },
  reshape: (of) => ({ body: `y = x -> reshape([${shapeOf(of, "y").join(", ")}])` }),
  concat: (of) => {
    const parts = Object.keys(of.inputs);
    const body = `y = concat(${parts.join(", ")}, over: ${fromEnd(of.attrs["axis"], rankOf(of, "x0"))})`;
    return placeOf(of, "x0", of.attrs["axis"]) === 0
      ? { body }
      : { body, batched: [...parts, "y"], alone: true };
  },
  split: (of) => {
    const axis = placeOf(of, "x", of.attrs["axis"]);
    let from = 0;
    const lines = numbers(of.attrs["sizes"]).map((size, part) => {
      const cut = Array.from({ length: axis + 1 }, (_, place) =>
        place === axis ? `${from}:${from + size}` : ":",
      );
      from += size;
      return `y${part} = x[${cut.join(", ")}]`;
    });
    const outputs = lines.map((_, part) => `y${part}`);
    const sizes = numbers(of.attrs["sizes"]);
    // Equal parts of the last axis have a call of their own.
    if (new Set(sizes).size === 1 && axis === rankOf(of, "x") - 1)
      return {
        body: `${outputs.join(", ")} = split(x, ${sizes.length})`,
        batched: ["x", ...outputs],
        alone: true,
      };
    return { body: lines.join("\n"), batched: ["x", ...outputs], alone: true };
  },
  slice: (of) => {
    const ranges = of.attrs["ranges"] as readonly (readonly (number | null)[])[];
    const shape = shapeOf(of, "x");
    const plain = ranges.every(([, , step]) => (step ?? 1) === 1);
    if (plain) {
      const cuts = ranges.map(([begin, end]) => `${begin ?? ""}:${end ?? ""}`);
      return { body: `y = x[${cuts.join(", ")}]` };
    }
    const names = axisNames(shape.length);
    const targets = ranges.map((range, axis) => `${names[axis]} < ${places(range, shape[axis]!).length}`);
    const reads = ranges.map((range, axis) => {
      const [first] = places(range, shape[axis]!);
      return `${first} + ${numberText(range[2] ?? 1)} * ${names[axis]}`;
    });
    return { body: `y[${targets.join(", ")}] = x[${reads.join(", ")}]` };
  },
  pad: (of) => {
    const { mode, value } = of.attrs;
    const pads = of.attrs["pads"] as readonly (readonly [number, number])[];
    const rank = pads.length;
    if (mode !== "constant") {
      const bordered = pads.flatMap((border, axis) => bordering(of, axis, border, mode === "reflect"));
      return { body: ["y = x", ...bordered].join("\n"), batched: ["x", "y"], alone: true };
    }
    const lines = pads.flatMap(([before, after], axis) =>
      before + after === 0
        ? []
        : [
            `y = pad(y, axis: ${axis - rank}, before: ${before}, after: ${after}, value: ${numberText(value)})`,
          ],
    );
    const body = ["y = x", ...lines].join("\n");
    return pads[0]![0] + pads[0]![1] === 0 ? { body, batched: ["x", "y"], alone: true } : { body };
  },
  gather: (of) => {
    const axis = placeOf(of, "x", of.attrs["axis"]);
    const indices = { index: shapeOf(of, "x")[axis]! };
    if (axis === 0) return { body: "y = x[index]", indices, batched: ["index", "y"], alone: true };
    const cut = Array.from({ length: axis }, () => ":");
    return { body: `y = x[${[...cut, "index"].join(", ")}]`, indices };
  },
  take_along: (of) => {
    const axis = placeOf(of, "x", of.attrs["axis"]);
    const names = axisNames(rankOf(of, "x"));
    const at = `index[${names.join(", ")}]`;
    const body = `y[${names.join(", ")}] = x[${names.map((name, place) => (place === axis ? at : name)).join(", ")}]`;
    return { body, indices: { index: shapeOf(of, "x")[axis]! }, batched: ["x", "index", "y"], alone: true };
  },
  embedding: (of) => {
    const { vocab, dim, padding_idx: padding } = of.attrs;
    const read = `y = ids -> embedding(${numberText(dim)})`;
    const fixed = `y = where(unsqueeze(ids == ${String(padding)}), stop_gradient(y), y)`;
    return {
      body: padding === null ? read : `${read}\n${fixed}`,
      indices: { ids: vocab as number },
      made: { table: "y.embedding.table" },
      batched: ["ids", "y"],
      alone: true,
    };
  },
};
