/**
 * Owns mapping files: JSON that says, for each tensor of a network, what makes it of the tensors of another file.
 *
 *     {
 *       "logits.dense.w": { "transpose": "fc1.weight" },
 *       "block[{k}].attend.query.w": { "split": { "transpose": "h.{k}.qkv.weight" }, "axis": 1, "part": 0, "of": 3 },
 *       "ignore": ["*.num_batches_tracked"]
 *     }
 */
import { Problem } from "../problem.ts";

/** What makes a tensor, each step around the one before. Axes below 0 count from the end. */
export type Recipe =
  | { readonly kind: "tensor"; readonly name: string }
  /** The last two axes change places, or all stand in the order of `axes`. */
  | { readonly kind: "transpose"; readonly of: Recipe; readonly axes: readonly number[] | null }
  | {
      readonly kind: "split";
      readonly of: Recipe;
      readonly axis: number;
      readonly part: number;
      readonly parts: number;
    }
  | { readonly kind: "fuse"; readonly of: readonly Recipe[]; readonly axis: number }
  | { readonly kind: "reshape"; readonly of: Recipe; readonly shape: readonly number[] };

export interface Rule {
  /** A name of the network, in which `{k}` stands for any text without dots and brackets. */
  readonly pattern: string;
  readonly recipe: Recipe;
}

export interface Mapping {
  readonly rules: readonly Rule[];
  /** Names of the other file that nothing needs; `*` stands for any text. */
  readonly ignore: readonly string[];
}

export const emptyMapping: Mapping = { rules: [], ignore: [] };

/** @throws {Problem} with the place of the first mistake. */
export function parseMapping(text: string, path: string): Mapping {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Problem(`${path}: ${error instanceof Error ? error.message : String(error)}`, { exitCode: 1 });
  }
  if (!isRecord(value)) throw wrong(path, "a mapping is an object of names");
  const { ignore = [], ...rules } = value;
  if (!Array.isArray(ignore) || !ignore.every((one) => typeof one === "string"))
    throw wrong(path, "`ignore` is a list of names");
  return {
    ignore: ignore as readonly string[],
    rules: Object.entries(rules).map(([pattern, recipe]) => ({
      pattern,
      recipe: parseRecipe(recipe, `${path}: ${pattern}`, 0),
    })),
  };
}

const depthLimit = 32;
const forms =
  'a name, { "transpose": …, "axes": [1, 0] }, { "split": …, "axis": 0, "part": 0, "of": 3 }, ' +
  '{ "fuse": [ … ], "axis": 0 } or { "reshape": …, "shape": [ … ] }';

function parseRecipe(value: unknown, place: string, depth: number): Recipe {
  if (depth > depthLimit) throw wrong(place, `steps are nested more than ${depthLimit} deep`);
  if (typeof value === "string") return { kind: "tensor", name: value };
  if (!isRecord(value)) throw wrong(place, `what makes a tensor is ${forms}`);
  const inner = (key: string) => parseRecipe(value[key], `${place}, ${key}`, depth + 1);
  const whole = (key: string): number => {
    const number = value[key];
    if (!Number.isSafeInteger(number)) throw wrong(place, `\`${key}\` is a whole number`);
    return number as number;
  };
  const wholes = (key: string): readonly number[] => {
    const list = value[key];
    if (!Array.isArray(list) || !list.every((one) => Number.isSafeInteger(one)))
      throw wrong(place, `\`${key}\` is a list of whole numbers`);
    return list as readonly number[];
  };
  const only = (...keys: readonly string[]): void => {
    const strange = Object.keys(value).find((key) => !keys.includes(key));
    if (strange !== undefined) throw wrong(place, `\`${strange}\` is not of ${keys.join(", ")}`);
  };
  if ("transpose" in value) {
    only("transpose", "axes");
    return { kind: "transpose", of: inner("transpose"), axes: "axes" in value ? wholes("axes") : null };
  }
  if ("split" in value) {
    only("split", "axis", "part", "of");
    const [part, parts] = [whole("part"), whole("of")];
    if (parts < 1 || part < 0 || part >= parts) throw wrong(place, "`part` counts from 0 to below `of`");
    return { kind: "split", of: inner("split"), axis: whole("axis"), part, parts };
  }
  if ("fuse" in value) {
    only("fuse", "axis");
    const list = value["fuse"];
    if (!Array.isArray(list) || list.length === 0) throw wrong(place, "`fuse` is a list");
    const of = list.map((one, k) => parseRecipe(one, `${place}, fuse[${k}]`, depth + 1));
    return { kind: "fuse", of, axis: whole("axis") };
  }
  if ("reshape" in value) {
    only("reshape", "shape");
    return { kind: "reshape", of: inner("reshape"), shape: wholes("shape") };
  }
  throw wrong(place, `what makes a tensor is ${forms}`);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function wrong(place: string, message: string): Problem {
  return new Problem(`${place}: ${message}`, { exitCode: 1 });
}
