/** Owns nests as instructions: statements in their order, and loops with the pointers that they carry. */
import type { Statement } from "../../ir/loops.ts";
import { call, get, integer, operate, plus, set, tee } from "./build.ts";
import type { Instruction, Label, WasmLocal } from "./instructions.ts";
import {
  addLinear,
  addressOf,
  linearOf,
  partition,
  scaleLinear,
  varies,
  within,
  type LoopScope,
} from "./linear.ts";
import { integralValue, lanesOf, numericValue, valueLocal } from "./numbers.ts";
import { startOf, type LoopPlan, type Pointer } from "./pointers.ts";
import { addressValue, integerValue, placeOf, valueOf, withPointers, type Site } from "./site.ts";
import { draws } from "./visit.ts";

type Loop = Statement & { readonly kind: "loop" };

export function printBody(
  body: readonly Statement[],
  inner: ReadonlyMap<Statement, LoopPlan>,
  site: Site,
): readonly Instruction[] {
  return body.flatMap((statement) => printStatement(statement, inner, site));
}

function printStatement(
  statement: Statement,
  inner: ReadonlyMap<Statement, LoopPlan>,
  site: Site,
): readonly Instruction[] {
  switch (statement.kind) {
    case "loop":
      return printLoop(statement, inner.get(statement)!, site);
    case "define":
    case "declare":
    case "assign":
      return [set(valueLocal(statement.local, site), numericValue(statement.value, site))];
    case "store": {
      const { base, offset } = placeOf(statement.buffer, statement.at, site);
      const four = lanesOf(statement.value) === 4;
      if (statement.buffer.element === "float") {
        const value = numericValue(statement.value, site);
        return [{ kind: "store", access: four ? "v128.store" : "f32.store", address: base, offset, value }];
      }
      const value = four
        ? operate("i32x4.trunc_sat_f32x4_s", numericValue(statement.value, site))
        : integralValue(statement.value, site);
      return [{ kind: "store", access: four ? "v128.store" : "i32.store", address: base, offset, value }];
    }
    case "remark":
      return [{ kind: "comment", text: statement.text }];
    case "call": {
      const starts = statement.buffers.map((buffer) =>
        addressValue(addressOf(buffer, { kind: "literal", value: 0 }, site.places), site),
      );
      const { count, drawing } = site.frame;
      const drawn =
        drawing !== null && draws(statement.kernel.body) ? [drawing.seed, drawing.step, drawing.first] : [];
      return [call(statement.kernel.name, ...starts, get(count), ...drawn.map(get))];
    }
  }
}

function printLoop(statement: Loop, plan: LoopPlan, site: Site): readonly Instruction[] {
  const { loop } = plan;
  if (loop.trips.high <= 0) return [];
  const counter: WasmLocal = { name: statement.variable.name, type: "i32" };
  const outerCounter = site.frame.counters.get(statement.variable);
  site.frame.counters.set(statement.variable, counter);
  const innerSite = withPointers({ ...site, places: within(site.places, loop) }, [
    ...plan.advancing,
    ...plan.computed,
  ]);
  const tops = plan.computed.map(({ local, address }) =>
    set(local, computedAddress(address, loop, innerSite)),
  );
  const body = [...tops, ...printBody(statement.body, plan.inner, innerSite)];
  if (outerCounter === undefined) site.frame.counters.delete(statement.variable);
  else site.frame.counters.set(statement.variable, outerCounter);
  if (loop.trips.low === 1 && loop.trips.high === 1) return body;

  const starts = plan.advancing.map(({ local, address }) =>
    set(local, addressValue(startOf(address, loop), site)),
  );
  const end = endOf(statement, plan, counter, site);
  const label: Label = { name: statement.variable.name };
  const advance = plan.advancing.map(({ local, stride }) => set(local, plus(get(local), integer(stride))));
  const run: readonly Instruction[] = [
    ...starts,
    ...end.before,
    {
      kind: "loop",
      label,
      body: [...body, ...advance, { kind: "branchIf", label, condition: end.again }],
    },
  ];
  if (loop.trips.low >= 1) return run;
  const some = operate("i32.lt_s", valueOf(loop.from, site), integerValue(statement.to, site));
  return [{ kind: "if", condition: some, result: null, then: run, otherwise: [] }];
}

/** How the loop ends: by a pointer that meets its end where one moves, unless something reads the counter anyway. */
function endOf(
  statement: Loop,
  plan: LoopPlan,
  counter: WasmLocal,
  site: Site,
): { readonly before: readonly Instruction[]; readonly again: Instruction } {
  const { loop, advancing } = plan;
  const pointer = advancing.findLast(({ stride }) => stride % loop.step === 0);
  if (pointer !== undefined && !site.frame.read.has(counter)) {
    const distance = addLinear(linearOf(statement.to, site.places), scaleLinear(loop.from, -1));
    const length = valueOf(scaleLinear(distance, pointer.stride / loop.step), site);
    const start = addressValue(startOf(pointer.address, loop), site);
    const meets = (at: Instruction) => operate("i32.ne", get(pointer.local), at);
    if (start.kind === "i32" && length.kind === "i32") {
      return { before: [], again: meets(integer(start.value + length.value)) };
    }
    const end: WasmLocal = { name: `${pointer.local.name}_end`, type: "i32" };
    return { before: [set(end, plus(get(pointer.local), length))], again: meets(get(end)) };
  }
  const begin = set(counter, valueOf(loop.from, site));
  const next = tee(counter, plus(get(counter), integer(statement.step)));
  const to = integerValue(statement.to, site);
  if (to.kind === "i32" || to.kind === "get") {
    return { before: [begin], again: operate("i32.lt_s", next, to) };
  }
  const end: WasmLocal = { name: `${counter.name}_end`, type: "i32" };
  return { before: [begin, set(end, to)], again: operate("i32.lt_s", next, get(end)) };
}

/** An address with parts that are not linear in the loop: its linear rest, and what is added to it. */
export function computedAddress(address: Pointer["address"], loop: LoopScope, site: Site): Instruction {
  const { chosen, rest } = partition(address, (term) => term.kind !== "trip" && varies(term, loop.variable));
  return plus(addressValue(rest, site), valueOf(chosen, site));
}
