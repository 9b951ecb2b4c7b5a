/** Owns where in a function code is being written, and how integers and addresses are computed there. */
import type { Buffer, Integer, Local, LoopVariable } from "../../ir/loops.ts";
import { exponentOf, get, integer, load, operate, plus, select, tee, times } from "./build.ts";
import type { ElementaryName } from "./elementary.ts";
import type { Instruction, WasmFunction, WasmLocal } from "./instructions.ts";
import {
  addLinear,
  addressOf,
  intervalOf,
  linearOf,
  partition,
  readsMemory,
  scaleLinear,
  type Linear,
  type PlaceScope,
  type Term,
} from "./linear.ts";
import { groupOf, isFree, type Pointer } from "./pointers.ts";
import type { RandomName } from "./random.ts";

/** Functions of the host that a module may import. */
export type HostName = "sin" | "cos" | "pow" | "remainder";

/** What written code asks of the module around it. */
export interface Demands {
  readonly elementary: Set<ElementaryName>;
  readonly random: Set<RandomName>;
  readonly host: Set<HostName>;
}

/** Locals of one function. */
export interface Frame {
  readonly count: WasmLocal;
  /** Null where the function draws nothing. */
  readonly drawing: null | {
    readonly seed: WasmLocal;
    readonly step: WasmLocal;
    readonly first: WasmLocal;
  };
  /** Addresses of what a kernel was given; of a routine's section none. */
  readonly starts: ReadonlyMap<Buffer, WasmLocal>;
  readonly values: Map<Local, WasmLocal>;
  readonly counters: Map<LoopVariable, WasmLocal>;
  /** Counters that something has read. */
  readonly read: Set<WasmLocal>;
  /** Elementary functions that are written out in this one. */
  readonly inlined: Map<ElementaryName, WasmFunction>;
  /** The key of each stream that is drawn from. */
  readonly streams: Map<number, WasmLocal>;
}

export interface Site {
  readonly frame: Frame;
  readonly demands: Demands;
  readonly places: PlaceScope;
  /** By group. */
  readonly pointers: ReadonlyMap<string, Pointer>;
}

export function withPointers(site: Site, pointers: readonly Pointer[]): Site {
  const all = new Map(site.pointers);
  for (const pointer of pointers) all.set(groupOf(pointer.address, site.places), pointer);
  return { ...site, pointers: all };
}

/** What loads and stores need: an address and a constant that the access adds itself. */
export interface Place {
  readonly base: Instruction;
  readonly offset: number;
}

export function placeOf(buffer: Buffer, at: Integer, site: Site): Place {
  return placeAt(addressOf(buffer, at, site.places), site);
}

export function placeAt(address: Linear, site: Site): Place {
  const pointer = site.pointers.get(groupOf(address, site.places));
  // Under a guard an address may lie below all that the pointer was made for: an offset is never negative.
  if (pointer !== undefined && address.constant >= pointer.address.constant) {
    return { base: get(pointer.local), offset: address.constant - pointer.address.constant };
  }
  if (isFree(address) && address.terms.size === 1 && address.constant >= 0) {
    return { base: valueOf({ ...address, constant: 0 }, site), offset: address.constant };
  }
  const { chosen, rest } = partition(address, readsMemory);
  if (chosen.terms.size > 0)
    return { base: plus(addressValue(rest, site), valueOf(chosen, site)), offset: 0 };
  return { base: valueOf(address, site), offset: 0 };
}

/** The address as one number. */
export function addressValue(address: Linear, site: Site): Instruction {
  const { base, offset } = placeAt(address, site);
  return plus(base, integer(offset));
}

/** The value of an integer, of type `i32`. */
export function integerValue(value: Integer, site: Site): Instruction {
  return valueOf(linearOf(value, site.places), site);
}

/** The value of a form by arithmetic on loop counters, without pointers but for elements it reads. */
export function valueOf(linear: Linear, site: Site): Instruction {
  const parts: Instruction[] = [];
  let rest = linear;
  for (;;) {
    const entry = [...rest.terms.entries()].at(-1);
    if (entry === undefined) break;
    const [key, { term, coefficient }] = entry;
    const terms = new Map(rest.terms);
    terms.delete(key);
    rest = { constant: rest.constant, terms };
    if (term.kind !== "trip") {
      parts.push(times(termValue(term, site), coefficient));
      continue;
    }
    // A counter holds from + step · trips.
    const { loop } = term;
    const counter = counterOf(loop.variable, site.frame);
    if (coefficient % loop.step === 0) {
      parts.push(times(counter, coefficient / loop.step));
      rest = addLinear(rest, scaleLinear(loop.from, -coefficient / loop.step));
    } else {
      const gone = plus(counter, valueOf(scaleLinear(loop.from, -1), site));
      parts.push(times(operate("i32.div_s", gone, integer(loop.step)), coefficient));
    }
  }
  return plus(
    parts.reduce((sum, part) => plus(sum, part), integer(0)),
    integer(rest.constant),
  );
}

function counterOf(variable: LoopVariable, frame: Frame): Instruction {
  const counter = frame.counters.get(variable);
  if (counter === undefined) throw new Error(`${variable.name} is used outside of its loop`);
  frame.read.add(counter);
  return get(counter);
}

function termValue(term: Exclude<Term, { kind: "trip" }>, site: Site): Instruction {
  switch (term.kind) {
    case "count":
      return get(site.frame.count);
    case "slice":
      return { kind: "slice" };
    case "start": {
      const start = site.frame.starts.get(term.parameter);
      if (start === undefined) throw new Error(`${term.parameter.name} is no parameter of the kernel`);
      return get(start);
    }
    case "element": {
      const { base, offset } = placeAt(term.address, site);
      return load("i32.load", base, offset);
    }
    case "quotient":
      return quotient(term.of, term.by, site);
    case "remainder":
      return remainder(term.of, term.by, site);
    case "least":
    case "greatest":
      return extreme(term.kind, valueOf(term.a, site), valueOf(term.b, site));
  }
}

function extreme(kind: "least" | "greatest", a: Instruction, b: Instruction): Instruction {
  const [first, second]: readonly WasmLocal[] = [
    { name: "first", type: "i32" },
    { name: "second", type: "i32" },
  ];
  // Both are made before the condition is asked.
  const [low, high] = kind === "least" ? [first!, second!] : [second!, first!];
  return select(operate("i32.lt_s", get(low), get(high)), tee(first!, a), tee(second!, b));
}

/** Rounded down, also below zero. */
function quotient(of: Linear, by: number, site: Site): Instruction {
  const value = valueOf(of, site);
  const exponent = exponentOf(by);
  if (exponent !== null) return operate("i32.shr_s", value, integer(exponent));
  if (intervalOf(of, site.places).low >= 0) return operate("i32.div_u", value, integer(by));
  const whole: WasmLocal = { name: "whole", type: "i32" };
  const lowered = operate("i32.and", operate("i32.shr_s", tee(whole, value), integer(31)), integer(by - 1));
  return operate("i32.div_s", operate("i32.sub", lowered, get(whole)), integer(-by));
}

function remainder(of: Linear, by: number, site: Site): Instruction {
  const value = valueOf(of, site);
  if (exponentOf(by) !== null) return operate("i32.and", value, integer(by - 1));
  if (intervalOf(of, site.places).low >= 0) return operate("i32.rem_u", value, integer(by));
  const rest: WasmLocal = { name: "rest", type: "i32" };
  const sign = operate("i32.shr_s", tee(rest, operate("i32.rem_s", value, integer(by))), integer(31));
  return operate("i32.add", operate("i32.and", sign, integer(by)), get(rest));
}
