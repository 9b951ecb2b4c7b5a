/** Owns what an expression can mean while a program is elaborated: a static value, a tensor, a layer, a schedule. */
import type { Dimension, Origin } from "../../ir/dimension.ts";
import { printDimension } from "../../ir/dimension.ts";
import type { Value } from "../../ir/graph.ts";
import { printType } from "../../ir/type.ts";
import type { Operation } from "../../ops/operation.ts";
import type { Definition } from "../../syntax/ast.ts";
import type { Span } from "../../text/source.ts";
import { type Exact, isWhole, printExact, toNumber } from "./exact.ts";
import type { FileScope } from "../program.ts";

export type Meaning =
  | NumberMeaning
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "string"; readonly value: string }
  /** One of the words that an option lists, as `same` of `padding: same | valid`. */
  | { readonly kind: "word"; readonly text: string }
  | ListMeaning
  /** A dimension that holds a symbol, as `batch`. */
  | { readonly kind: "dimension"; readonly dimension: Dimension }
  | RatioMeaning
  | TensorMeaning
  /** The results of a call that has several. */
  | { readonly kind: "several"; readonly items: readonly Meaning[] }
  | LayerMeaning
  | ScheduleMeaning
  /** What could not be made out; already reported, so whatever uses it stays silent. */
  | { readonly kind: "unknown" };

export interface NumberMeaning {
  readonly kind: "number";
  readonly number: Exact;
  /** Where it came from, for both ends of an error. */
  readonly origin: Origin | null;
  /** The dimension whose name it is, so that `over: time` finds its axis. */
  readonly axis: Dimension | null;
}

/** A length that varies over a whole number that need not divide it: `floor` and `ceil` make it whole. */
export interface RatioMeaning {
  readonly kind: "ratio";
  readonly dimension: Dimension;
  readonly by: number;
}

export interface ListMeaning {
  readonly kind: "list";
  readonly items: readonly Meaning[];
  /** The constant that it is, for readers of the module. */
  readonly name?: string;
}

export interface TensorMeaning {
  readonly kind: "tensor";
  readonly value: Value;
}

/** What stands before the parentheses of a call, or after `->`. */
export type Callee =
  | { readonly kind: "definition"; readonly definition: Definition; readonly home: FileScope }
  | { readonly kind: "operation"; readonly operation: Operation }
  /** Built into the checker: draws, arithmetic on lists, operations with several results. */
  | { readonly kind: "builtin"; readonly name: string }
  | { readonly kind: "layer"; readonly layer: LayerMeaning }
  | { readonly kind: "schedule"; readonly schedule: ScheduleMeaning };

/** A layer as a value: stages with their options; the tensors come with each call. */
export interface LayerMeaning {
  readonly kind: "layer";
  readonly stages: readonly BoundStage[];
  /** Null where each use makes parameters of its own. */
  readonly shared: Sharing | null;
}

export interface BoundStage {
  readonly callee: Callee;
  readonly given: readonly Given[];
  /** Its name in the path of parameters. */
  readonly label: string;
  readonly span: Span;
}

/** One `share` line: where its parameters' names begin, and who made them. */
export interface Sharing {
  readonly name: string;
  readonly path: string;
  readonly span: Span;
}

/** A rate: a number, or a schedule that lacks only `step` and `total`. */
export interface ScheduleMeaning {
  readonly kind: "schedule";
  readonly form:
    | { readonly kind: "fixed"; readonly number: Exact }
    | {
        readonly kind: "definition";
        readonly definition: Definition;
        readonly home: FileScope;
        readonly given: readonly Given[];
      };
}

/** An argument as a call gives it. What it means may depend on what the parameter expects (a word, a layer). */
export interface Given {
  readonly label: string | null;
  readonly span: Span;
  readonly labelSpan: Span;
  /** The names it could be as a bare word; null where it is no bare word. */
  readonly word: string | null;
  readonly evaluate: (expected: Expected) => Meaning;
}

/** What the place of an argument allows besides ordinary values. */
export interface Expected {
  readonly words: readonly string[];
  /** Tensors that a layer value leaves to its caller; null where no layer is due. */
  readonly layerTensors: number | null;
  readonly schedule: boolean;
}

export const plain: Expected = { words: [], layerTensors: null, schedule: false };
export const unknown: Meaning = { kind: "unknown" };
/** Of a name that nothing has: reported once, silent afterwards, and never suggested. */
export const unfound: Meaning = { kind: "unknown" };

export function numeric(
  number: Exact,
  origin: Origin | null = null,
  axis: Dimension | null = null,
): NumberMeaning {
  return { kind: "number", number, origin, axis };
}

export function tensor(value: Value): TensorMeaning {
  return { kind: "tensor", value };
}

/** The dimension that a whole number or symbolic dimension is; null for anything else. */
export function dimensionOf(meaning: Meaning): Dimension | null {
  if (meaning.kind === "dimension") return meaning.dimension;
  if (meaning.kind !== "number" || !isWhole(meaning.number)) return null;
  if (meaning.axis !== null) return meaning.axis;
  const constant = toNumber(meaning.number);
  return meaning.origin === null ? { constant, terms: [] } : { constant, terms: [], origin: meaning.origin };
}

/** What a dimension means as a value: a static one is a number. */
export function meaningOfDimension(dimension: Dimension): Meaning {
  if (dimension.terms.length > 0) return { kind: "dimension", dimension };
  const number: Exact = { kind: "fraction", top: BigInt(dimension.constant), bottom: 1n };
  return numeric(number, dimension.origin ?? null, dimension);
}

/** For messages: `a tensor float[batch, 64]`, `the number 3.5`. */
export function describe(meaning: Meaning): string {
  switch (meaning.kind) {
    case "number":
      return `the number ${printExact(meaning.number)}`;
    case "boolean":
      return meaning.value ? "`true`" : "`false`";
    case "string":
      return `the string "${meaning.value}"`;
    case "word":
      return `the word \`${meaning.text}\``;
    case "list":
      return "a list";
    case "dimension":
      return `the dimension ${printDimension(meaning.dimension)}`;
    case "ratio":
      return `the length ${printMeaning(meaning)}, which is not whole for every sample`;
    case "tensor":
      return `a tensor ${printType(meaning.value.type)}`;
    case "several":
      return `${meaning.items.length} values`;
    case "layer":
      return "a layer";
    case "schedule":
      return "a schedule";
    case "unknown":
      return "something unknown";
  }
}

/** For facts and headings: `float[batch, 64]`, `3.5`. */
export function printMeaning(meaning: Meaning): string {
  switch (meaning.kind) {
    case "number":
      return printExact(meaning.number);
    case "boolean":
      return String(meaning.value);
    case "string":
      return JSON.stringify(meaning.value);
    case "word":
      return meaning.text;
    case "list":
      return meaning.items.length > 8
        ? `a list of ${meaning.items.length}`
        : `[${meaning.items.map(printMeaning).join(", ")}]`;
    case "dimension":
      return printDimension(meaning.dimension);
    case "ratio":
      return `(${printDimension(meaning.dimension)}) / ${meaning.by}`;
    case "tensor":
      return printType(meaning.value.type);
    case "several":
      return meaning.items.map(printMeaning).join(", ");
    case "layer":
      return "layer";
    case "schedule":
      return "schedule";
    case "unknown":
      return "?";
  }
}
