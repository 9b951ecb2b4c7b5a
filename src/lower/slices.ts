/**
 * Owns what threads need of a lowered program: which memory each slice of a batch has for itself, how the gradients of
 * slices become those of the batch, and how work over elements is divided.
 */
import type { Frame } from "../ir/frame.ts";
import type { Buffer, Integer, Local, LoopVariable, Numeric } from "../ir/loops.ts";
import type { Machine } from "./layout.ts";
import type { DraftSection } from "./routine.ts";

/** Pieces that work over elements is divided into, whatever the number of threads. */
export const PARTS = 16;

/** The routine that adds a slice's gradients to those of the first. */
export const foldRoutine = "fold";

/** Of the piece that `count` names, the elements from and to; pieces are whole vectors. */
export function boundsOfPart(
  elements: number,
  lanes: number,
): { readonly from: Integer; readonly to: Integer } {
  const end = Math.ceil(elements / lanes) * lanes;
  const length = Math.ceil(end / PARTS / 16) * 16;
  const literal = (value: number): Integer => ({ kind: "literal", value });
  const start: Integer = { kind: "scaled", factor: length, of: { kind: "count" } };
  const next: Integer = { kind: "sum", terms: [start, literal(length)] };
  const within = (of: Integer): Integer => ({ kind: "least", a: of, b: literal(end) });
  return { from: within(start), to: within(next) };
}

/** How much the first slice's gradients and this one's count for. */
export interface FoldScales {
  readonly first: Buffer;
  readonly own: Buffer;
}

function rankZero(name: string): Buffer {
  return {
    name,
    element: "float",
    shape: [],
    batched: false,
    layout: [],
    storage: 1,
    role: { kind: "scalar", name },
  };
}

function block(name: string, storage: number): Buffer {
  return {
    name,
    element: "float",
    shape: [storage],
    batched: false,
    layout: [{ axis: 0, divisor: 1, modulus: null, stride: 1 }],
    storage,
    role: { kind: "scalar", name },
  };
}

export interface Fold {
  readonly scales: FoldScales;
  /** All gradients of the slice, and those of the first slice, whoever runs it. */
  readonly own: Buffer;
  readonly first: Buffer;
  readonly section: DraftSection;
}

/** `first = a · first + b · own`, element by element: `Σ (samplesₖ / samples) · gradientₖ`, slice after slice. */
export function foldOf(gradients: readonly Buffer[], machine: Machine, frame: Frame): Fold {
  const elements = gradients.reduce((sum, { storage }) => sum + storage, 0);
  const scales = { first: rankZero("scale_of_first"), own: rankZero("scale_of_own") };
  const [own, first] = [block("own", elements), block("first", elements)];
  const { lanes } = machine;
  const variable: LoopVariable = { name: "i" };
  const at: Integer = { kind: "variable", variable };
  const scale = (buffer: Buffer): Numeric => {
    const one: Numeric = { kind: "load", buffer, at: { kind: "literal", value: 0 }, lanes: 1 };
    return lanes === 1 ? one : { kind: "splat", of: one };
  };
  const [a, b]: readonly [Local, Local] = [
    { name: "a", lanes },
    { name: "b", lanes },
  ];
  const scaled = (local: Local, buffer: Buffer): Numeric => ({
    kind: "apply",
    function: "multiply",
    arguments: [
      { kind: "local", local },
      { kind: "load", buffer, at, lanes },
    ],
    lanes,
  });
  const value: Numeric = {
    kind: "apply",
    function: "add",
    arguments: [scaled(a, first), scaled(b, own)],
    lanes,
  };
  const section: DraftSection = {
    operation: null,
    section: {
      title: "gradients of the slices",
      text: "first[i] = a * first[i] + b * own[i]",
      frame,
      body: [
        { kind: "define", local: a, value: scale(scales.first) },
        { kind: "define", local: b, value: scale(scales.own) },
        {
          kind: "loop",
          variable,
          ...boundsOfPart(elements, lanes),
          step: lanes,
          body: [{ kind: "store", buffer: first, at, value, lanes }],
        },
      ],
    },
  };
  return { scales, own, first, section };
}
