/** Owns what all nests of a routine share: buffers of tensors, loop variables of axes, fresh locals, and addresses. */
import type { Buffer, Integer, Lanes, Local, LoopVariable } from "../../ir/loops.ts";
import type { Machine } from "../layout.ts";
import { simplifyPlace } from "../linear.ts";
import type { Tensor } from "../tensor.ts";
import type { Axis, Place } from "../term.ts";

export interface NestContext {
  readonly machine: Machine;
  readonly buffer: (tensor: Tensor) => Buffer;
  readonly variable: (axis: Axis) => LoopVariable;
  /** A local of that name, made distinct within the routine. */
  readonly local: (name: string, lanes: Lanes) => Local;
}

/** One context for each routine; it remembers what it handed out. */
export function nestContext(buffers: ReadonlyMap<Tensor, Buffer>, machine: Machine): NestContext {
  const variables = new Map<Axis, LoopVariable>();
  const taken = new Map<string, number>();
  const distinct = (name: string): string => {
    const before = taken.get(name) ?? 0;
    taken.set(name, before + 1);
    return before === 0 ? name : `${name}_${before + 1}`;
  };
  return {
    machine,
    buffer: (tensor) => {
      const buffer = buffers.get(tensor);
      if (buffer === undefined) throw new Error(`no buffer was laid out for ${tensor.name}`);
      return buffer;
    },
    variable: (axis) => {
      const known = variables.get(axis);
      if (known !== undefined) return known;
      const made = { name: distinct(axis.name) };
      variables.set(axis, made);
      return made;
    },
    local: (name, lanes) => ({ name: distinct(name), lanes }),
  };
}

/** Where the element at these places lies, as a place of its own: simplified, before loops have variables. */
export function addressPlace(buffer: Buffer, at: readonly Place[]): Place {
  return simplifyPlace({
    kind: "sum",
    terms: buffer.layout.map(({ axis, divisor, modulus, stride }) => {
      const divided: Place = divisor === 1 ? at[axis]! : { kind: "quotient", of: at[axis]!, by: divisor };
      const of: Place = modulus === null ? divided : { kind: "remainder", of: divided, by: modulus };
      return { kind: "scaled", factor: stride, of };
    }),
  });
}

export function literalInteger(value: number): Integer {
  return { kind: "literal", value };
}

export function toInteger(place: Place, context: NestContext): Integer {
  switch (place.kind) {
    case "literal":
      return place;
    case "count":
      return place;
    case "axis":
      return { kind: "variable", variable: context.variable(place.axis) };
    case "sum":
      return { kind: "sum", terms: place.terms.map((term) => toInteger(term, context)) };
    case "scaled":
      return { kind: "scaled", factor: place.factor, of: toInteger(place.of, context) };
    case "quotient":
    case "remainder":
      return { kind: place.kind, of: toInteger(place.of, context), by: place.by };
    case "element": {
      const buffer = context.buffer(place.tensor);
      return { kind: "element", buffer, at: toInteger(addressPlace(buffer, place.at), context) };
    }
  }
}

export function addressOf(buffer: Buffer, at: readonly Place[], context: NestContext): Integer {
  return toInteger(addressPlace(buffer, at), context);
}

/** What a loop over the axis runs to. */
export function extentOf(axis: Axis): Integer {
  return axis.counted ? { kind: "count" } : { kind: "literal", value: axis.extent };
}

/** Columns that may be written in one row without touching the next. */
export function paddedColumns(buffer: Buffer): number {
  const last = buffer.shape.length - 1;
  if (last < 0) return 1;
  if (last === 0) return buffer.storage;
  const ofLast = buffer.layout.filter(({ axis }) => axis === last);
  if (ofLast.length > 1) return Math.ceil(buffer.shape[last]! / 8) * 8;
  return buffer.layout.find(({ axis }) => axis === last - 1)!.stride;
}

export function isPanelled(buffer: Buffer): boolean {
  return buffer.layout.length > buffer.shape.length;
}
