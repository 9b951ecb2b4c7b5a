/** Owns making a network's tensors of another file's, by a mapping: all that does not fit is said at once. */
import type { StoredTensor } from "../../runtime/safetensors.ts";
import { sizeOf } from "../../runtime/layout.ts";
import { shapeText } from "./file.ts";
import type { Mapping, Recipe } from "./mapping.ts";

/** A tensor that the network has. */
export interface Wanted {
  readonly name: string;
  readonly shape: readonly number[];
}

type Tensors = ReadonlyMap<string, StoredTensor>;

export interface Mapped {
  readonly tensors: Tensors;
  /** Lines that say what is missing, of another shape, or not used. */
  readonly faults: readonly string[];
}

/** What no rule names comes from the tensor of its own name. */
export function applyMapping(mapping: Mapping, wanted: readonly Wanted[], given: Tensors): Mapped {
  const rules = mapping.rules.map((rule) => ({ ...rule, matcher: matcherOf(rule.pattern), used: false }));
  const [tensors, faults, used] = [new Map<string, StoredTensor>(), [] as string[], new Set<string>()];
  for (const { name, shape } of wanted) {
    const fitting = rules.filter(({ matcher }) => matcher.test(name));
    for (const rule of fitting) rule.used = true;
    if (fitting.length > 1)
      faults.push(`${name} is said twice: by ${fitting.map(({ pattern }) => pattern).join(" and ")}`);
    const [rule] = fitting;
    const recipe: Recipe = rule === undefined ? { kind: "tensor", name } : rule.recipe;
    const captured = rule?.matcher.exec(name)?.groups ?? {};
    try {
      const made = make(recipe, captured, given, used);
      const [here, there] = [shapeText({ shape }), shapeText(made)];
      if (here === there) tensors.set(name, made);
      else faults.push(`${name} would be ${there}, but the model has ${here}${wayTo(made.shape, shape)}`);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      faults.push(`${name} ${shapeText({ shape })}: ${error.message}`);
    }
  }
  for (const { pattern, used: found } of rules)
    if (!found) faults.push(`${pattern} is no tensor of the model`);
  const ignored = mapping.ignore.map(
    (pattern) => new RegExp(`^${pattern.split("*").map(quoted).join(".*")}$`, "s"),
  );
  for (const [name, tensor] of given)
    if (!used.has(name) && !ignored.some((one) => one.test(name)))
      faults.push(
        `${name} ${shapeText(tensor)} is used by nothing: name it in \`ignore\` if it is not needed`,
      );
  return { tensors, faults };
}

class Fault extends Error {}

/** A help for the commonest disagreement. */
function wayTo(found: readonly number[], due: readonly number[]): string {
  const turned = found.length === 2 && found[0] === due[1] && found[1] === due[0];
  if (turned) return ': { "transpose": … } turns it';
  return sizeOf(found) === sizeOf(due) ? ": as many numbers, in another order" : "";
}

function make(
  recipe: Recipe,
  captured: Readonly<Record<string, string>>,
  given: Tensors,
  used: Set<string>,
): StoredTensor {
  const inner = (of: Recipe) => make(of, captured, given, used);
  switch (recipe.kind) {
    case "tensor": {
      const name = recipe.name.replace(/\{(\w+)\}/g, (text, key: string) => captured[key] ?? text);
      const found = given.get(name);
      if (found === undefined) throw new Fault(`there is no ${name}`);
      used.add(name);
      return found;
    }
    case "transpose":
      return transposed(inner(recipe.of), recipe.axes);
    case "split":
      return partOf(inner(recipe.of), recipe.axis, recipe.part, recipe.parts);
    case "fuse":
      return fused(recipe.of.map(inner), recipe.axis);
    case "reshape": {
      const { values, shape } = inner(recipe.of);
      if (sizeOf(recipe.shape) !== values.length)
        throw new Fault(`${shapeText({ shape })} cannot be reshaped to ${shapeText(recipe)}`);
      return { shape: recipe.shape, values };
    }
  }
}

function transposed(tensor: StoredTensor, given: readonly number[] | null): StoredTensor {
  const { shape, values } = tensor;
  const rank = shape.length;
  const usual = shape.map((_, axis) => (axis < rank - 2 ? axis : 2 * rank - 3 - axis));
  if (given === null && rank < 2) throw new Fault(`${shapeText(tensor)} has no two axes to transpose`);
  const axes = (given ?? usual).map((axis) => (axis < 0 ? axis + rank : axis));
  if ([...axes].sort((a, b) => a - b).some((axis, place) => axis !== place) || axes.length !== rank)
    throw new Fault(`axes [${axes.join(", ")}] are no order of those of ${shapeText(tensor)}`);
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  const turned = axes.map((axis) => shape[axis]!);
  const result = values.slice();
  const index = turned.map(() => 0);
  for (let element = 0; element < values.length; element += 1) {
    result[element] = values[axes.reduce((at, axis, place) => at + index[place]! * strides[axis]!, 0)]!;
    for (let axis = rank - 1; axis >= 0; axis -= 1) {
      index[axis]! += 1;
      if (index[axis]! < turned[axis]!) break;
      index[axis] = 0;
    }
  }
  return { shape: turned, values: result };
}

function axisOf(tensor: StoredTensor, axis: number): number {
  const counted = axis < 0 ? axis + tensor.shape.length : axis;
  if (counted < 0 || counted >= tensor.shape.length)
    throw new Fault(`${shapeText(tensor)} has no axis ${axis}`);
  return counted;
}

function partOf(tensor: StoredTensor, given: number, part: number, parts: number): StoredTensor {
  const { shape, values } = tensor;
  const axis = axisOf(tensor, given);
  if (shape[axis]! % parts !== 0)
    throw new Fault(`axis ${given} of ${shapeText(tensor)} cannot be split into ${parts} equal parts`);
  const extents = shape.map((extent, at) => (at === axis ? extent / parts : extent));
  const [outer, run] = [sizeOf(shape.slice(0, axis)), sizeOf(extents.slice(axis))];
  const result = values.slice(0, outer * run);
  for (let k = 0; k < outer; k += 1) {
    const from = (k * parts + part) * run;
    result.set(values.subarray(from, from + run), k * run);
  }
  return { shape: extents, values: result };
}

function fused(parts: readonly StoredTensor[], given: number): StoredTensor {
  const first = parts[0]!;
  const axis = axisOf(first, given);
  const others = ({ shape }: StoredTensor) =>
    shape.map((extent, at) => (at === axis ? "…" : extent)).join(", ");
  const strange = parts.find((part) => others(part) !== others(first));
  if (strange !== undefined)
    throw new Fault(`${shapeText(first)} and ${shapeText(strange)} cannot be fused along axis ${given}`);
  const shape = first.shape.map((extent, at) =>
    at === axis ? parts.reduce((sum, part) => sum + part.shape[axis]!, 0) : extent,
  );
  const wide = parts.some(({ values }) => values.BYTES_PER_ELEMENT === 8);
  const values = wide ? new Float64Array(sizeOf(shape)) : new Float32Array(sizeOf(shape));
  let at = 0;
  for (let k = 0; k < sizeOf(shape.slice(0, axis)); k += 1) {
    for (const part of parts) {
      const run = sizeOf(part.shape.slice(axis));
      values.set(part.values.subarray(k * run, (k + 1) * run), at);
      at += run;
    }
  }
  return { shape, values };
}

/** `{k}` captures; equal letters stand for equal text. */
function matcherOf(pattern: string): RegExp {
  const seen = new Set<string>();
  const body = pattern.split(/(\{\w+\})/).map((piece) => {
    const key = /^\{([A-Za-z_]\w*)\}$/.exec(piece)?.[1];
    if (key === undefined) return quoted(piece);
    const group = seen.has(key) ? `\\k<${key}>` : `(?<${key}>[^.[\\]]+)`;
    seen.add(key);
    return group;
  });
  return new RegExp(`^${body.join("")}$`);
}

function quoted(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
