/**
 * Owns what stands behind a place: for a value over queries and keys, what it is where the key comes after the query. Where
 * attention is masked that is a number that no sum and no maximum notices.
 */
import type {
  IndexExpression,
  IndexVariable,
  Reducer,
  Scalar,
  ScalarFunction,
} from "../../ir/comprehension.ts";
import type { IndexNode, Value } from "../../ir/graph.ts";
import { isGather } from "../../ir/comprehension.ts";

/** A number; `low` for one so far below 0 that nothing added to it matters; null where nothing is known. */
export type Behind = number | "low" | null;

/** What is so low is -1e30, as masks have it, with scores of any size that networks have added to it. */
const low = -1e29;

/** The variable that an index is, one of extent 1 added to it or not. */
export function placeOf(index: IndexExpression): IndexVariable | null {
  if (index.kind === "variable") return index.variable;
  if (index.kind !== "sum") return null;
  const left = index.terms.filter(
    (term) =>
      term.kind !== "variable" ||
      term.variable.extent.terms.length > 0 ||
      term.variable.extent.constant !== 1,
  );
  return left.length === 1 && left[0]!.kind === "variable" ? left[0]!.variable : null;
}

/** Whether adding what is behind changes nothing. */
export function isUnnoticed(reducer: Reducer | null, behind: Behind): boolean {
  if (reducer === "sum") return behind === 0;
  return reducer === "max" && (behind === "low" || (behind !== null && behind <= low));
}

export function behindIn(
  { comprehension: { body }, operands }: IndexNode,
  query: IndexVariable,
  key: IndexVariable,
  producerOf: (value: Value) => IndexNode | undefined,
): Behind {
  const go = (scalar: Scalar): Behind => {
    switch (scalar.kind) {
      case "constant":
        return scalar.value;
      case "read":
        return behindOperand(operands[scalar.operand]!, scalar.at, query, key, producerOf);
      case "apply": {
        const order = ordered(scalar.function, scalar.arguments, query, key);
        if (order !== null) return order;
        const [first, ...rest] = scalar.arguments;
        if (scalar.function !== "select") return applied(scalar.function, scalar.arguments.map(go));
        const condition = go(first!);
        if (typeof condition === "number") return go(rest[condition !== 0 ? 0 : 1]!);
        const [then, otherwise] = rest.map(go);
        return then === otherwise ? then! : null;
      }
      default:
        return null;
    }
  };
  return go(body);
}

function behindOperand(
  operand: Value,
  at: readonly IndexExpression[],
  query: IndexVariable,
  key: IndexVariable,
  producerOf: (value: Value) => IndexNode | undefined,
): Behind {
  const producer = producerOf(operand);
  if (producer === undefined || !isGather(producer.comprehension)) return null;
  const { target, reducer, body } = producer.comprehension;
  if (target.length === 0 && reducer === null && body.kind === "constant") return body.value;
  const within = (variable: IndexVariable): IndexVariable | null => {
    const axis = at.findIndex((index) => placeOf(index) === variable);
    const own = target[axis];
    return own?.kind === "variable" ? own.variable : null;
  };
  const [ownQuery, ownKey] = [within(query), within(key)];
  if (ownQuery === null || ownKey === null || reducer !== null) return null;
  return behindIn(producer, ownQuery, ownKey, producerOf);
}

/** What a comparison of the two places comes to, the key being the larger; null for anything else. */
function ordered(
  name: ScalarFunction,
  operands: readonly Scalar[],
  query: IndexVariable,
  key: IndexVariable,
): number | null {
  const [a, b] = operands.map((one) => (one.kind === "index" ? placeOf(one.of) : null));
  const forward = a === query && b === key;
  if (!forward && !(a === key && b === query)) return null;
  if (name === "less" || name === "less_equal") return forward ? 1 : 0;
  return name === "equal" ? 0 : name === "not_equal" ? 1 : null;
}

function applied(name: ScalarFunction, operands: readonly Behind[]): Behind {
  const [a, b] = operands as [Behind, Behind];
  const isLow = (one: Behind): boolean => one === "low" || (one !== null && one <= low);
  const both = typeof a === "number" && typeof b === "number";
  switch (name) {
    case "less":
      return both ? Number(a < b) : null;
    case "less_equal":
      return both ? Number(a <= b) : null;
    case "not":
      return typeof a === "number" ? Number(a === 0) : null;
    case "add":
      return both ? a + b : isLow(a) || isLow(b) ? "low" : null;
    case "subtract":
      return both ? a - b : isLow(a) ? "low" : null;
    case "multiply":
      if (a === 0 || b === 0) return 0;
      if (both) return a * b;
      return (a === "low" && isAtLeastOne(b)) || (b === "low" && isAtLeastOne(a)) ? "low" : null;
    case "divide":
      return a === 0 ? 0 : both ? a / b : null;
    case "exp":
      return isLow(a) ? 0 : typeof a === "number" ? Math.exp(a) : null;
    default:
      return null;
  }
}

function isAtLeastOne(behind: Behind): boolean {
  return typeof behind === "number" && behind >= 1;
}
