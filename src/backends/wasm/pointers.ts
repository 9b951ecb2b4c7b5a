/**
 * Owns the reduction of address arithmetic: which pointers each loop carries, so that within it an access costs no
 * more than a constant offset.
 *
 * Bottom-up over the loops, the addresses that a body needs are grouped by their variable part: members of a group
 * differ in a constant, which becomes the offset of the access, so a group needs one pointer, at its lowest member.
 * Seen from a loop, a group
 *  - gains its coefficient every iteration: a pointer of the loop, advanced at its end. It starts as the same form
 *    without the loop's term, and that is needed by the body around;
 *  - holds terms that are not linear in the loop's variable (quotient, remainder, element): computed at the top of each
 *    iteration from its linear rest, which is needed like any other;
 *  - or does not change: needed by the body around.
 * An address that may fall below the start of memory (beside a padded edge, under a guard that keeps it from being
 * touched) forms a group alone, because offsets are added without wrapping around.
 */
import type { Statement } from "../../ir/loops.ts";
import type { WasmLocal } from "./instructions.ts";
import {
  addressOf,
  intervalOf,
  loopScope,
  partition,
  readsMemory,
  type Linear,
  type LoopScope,
  type PlaceScope,
  someTerm,
  type Term,
  variablePart,
  varies,
  within,
} from "./linear.ts";
import { touchesOf } from "./visit.ts";

export interface Pointer {
  readonly local: WasmLocal;
  /** Its value, in terms of iterations done. */
  readonly address: Linear;
  /** Bytes it advances at the end of each iteration; 0 where it is computed at the top. */
  readonly stride: number;
}

export interface LoopPlan {
  readonly loop: LoopScope;
  readonly advancing: readonly Pointer[];
  /** In an order where each is made of pointers before it. */
  readonly computed: readonly Pointer[];
  readonly inner: ReadonlyMap<Statement, LoopPlan>;
}

/** Of a whole function: `computed` stands before everything. */
export interface BodyPlan {
  readonly computed: readonly Pointer[];
  readonly inner: ReadonlyMap<Statement, LoopPlan>;
}

/** A needed address with the name of a buffer that lies there. */
interface Need {
  readonly address: Linear;
  readonly name: string;
}

/** `mayReadEarly`: whether indices may be read at the top of a body instead of where they are used. */
export function planBody(body: readonly Statement[], scope: PlaceScope, mayReadEarly: boolean): BodyPlan {
  const { needs, inner } = needsOf(body, scope, mayReadEarly);
  const computed = byDepth([...needs.values()].filter(({ address }) => !isFree(address)));
  return { computed: computed.map((need) => pointer(need, 0)), inner };
}

/** The group that an address belongs to. */
export function groupOf(address: Linear, scope: PlaceScope): string {
  const group = variablePart(address);
  return intervalOf(address, scope).low < 0 ? `${group}@${address.constant}` : group;
}

/** Whether the address costs nothing: a literal, or a parameter and an offset. */
export function isFree(address: Linear): boolean {
  const terms = [...address.terms.values()];
  return terms.length === 0 || (terms.length === 1 && terms[0]!.term.kind === "start");
}

/** Groups by key, each with its lowest member. */
class Needs {
  readonly #groups = new Map<string, Need>();
  readonly #scope: PlaceScope;

  constructor(scope: PlaceScope) {
    this.#scope = scope;
  }

  add(need: Need): void {
    const key = groupOf(need.address, this.#scope);
    const known = this.#groups.get(key);
    if (known === undefined || need.address.constant < known.address.constant) this.#groups.set(key, need);
  }

  values(): readonly Need[] {
    return [...this.#groups.values()];
  }
}

function needsOf(
  body: readonly Statement[],
  scope: PlaceScope,
  mayReadEarly: boolean,
): { readonly needs: Needs; readonly inner: ReadonlyMap<Statement, LoopPlan> } {
  const needs = new Needs(scope);
  const inner = new Map<Statement, LoopPlan>();
  for (const statement of body) {
    for (const { buffer, at, guarded } of touchesOf(statement)) {
      const address = addressOf(buffer, at, scope);
      const late = guarded || !mayReadEarly;
      needs.add({ address: late ? partition(address, readsMemory).rest : address, name: buffer.name });
    }
    if (statement.kind === "loop") {
      const { plan, outward } = planLoop(statement, scope, mayReadEarly);
      inner.set(statement, plan);
      outward.forEach((need) => needs.add(need));
    }
  }
  return { needs, inner };
}

function planLoop(
  statement: Statement & { readonly kind: "loop" },
  scope: PlaceScope,
  mayReadEarly: boolean,
): { readonly plan: LoopPlan; readonly outward: readonly Need[] } {
  const loop = loopScope(statement, scope);
  const { needs, inner } = needsOf(statement.body, within(scope, loop), mayReadEarly);
  const unsteady = (term: Term) => term.kind !== "trip" && varies(term, loop.variable);
  const computed = byDepth(needs.values().filter(({ address }) => someTerm(address, unsteady)));
  for (const { address, name } of computed) needs.add({ address: partition(address, unsteady).rest, name });
  const steady = needs.values().filter(({ address }) => !someTerm(address, unsteady));
  const advancing = steady.flatMap((need) => {
    const stride = strideOf(need.address, loop);
    return stride === 0 ? [] : [pointer(need, stride)];
  });
  const outward = steady.map(({ address, name }) => ({ address: startOf(address, loop), name }));
  return {
    plan: { loop, advancing, computed: computed.map((need) => pointer(need, 0)), inner },
    outward: outward.filter(({ address }) => !isFree(address)),
  };
}

function pointer({ address, name }: Need, stride: number): Pointer {
  return { local: { name: `${name}_at`, type: "i32" }, address, stride };
}

/** What the address gains per iteration of the loop. */
function strideOf(address: Linear, loop: LoopScope): number {
  const terms = [...address.terms.values()];
  return terms.find(({ term }) => isTripOf(term, loop))?.coefficient ?? 0;
}

/** The address before the first iteration. */
export function startOf(address: Linear, loop: LoopScope): Linear {
  return partition(address, (term) => isTripOf(term, loop)).rest;
}

function isTripOf(term: Term, loop: LoopScope): boolean {
  return term.kind === "trip" && term.loop.variable === loop.variable;
}

/** Addresses that need an index come after those that the index itself may lie at. */
function byDepth(needs: readonly Need[]): readonly Need[] {
  return [...needs].sort((a, b) => depthOf(a.address) - depthOf(b.address));
}

function depthOf(address: Linear): number {
  return Math.max(
    0,
    ...[...address.terms.values()].map(({ term }) => {
      switch (term.kind) {
        case "quotient":
        case "remainder":
          return 1 + depthOf(term.of);
        case "least":
        case "greatest":
          return 1 + Math.max(depthOf(term.a), depthOf(term.b));
        case "element":
          return 1 + depthOf(term.address);
        default:
          return 0;
      }
    }),
  );
}
