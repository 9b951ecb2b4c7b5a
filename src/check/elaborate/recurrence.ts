/** Owns what the step of a recurrence means within it: places of sequences, indices made of it, draws anew each step. */
import type { IndexExpression, Scalar } from "../../ir/comprehension.ts";
import { countsSamples, sameDimension } from "../../ir/dimension.ts";
import type { Value } from "../../ir/graph.ts";
import {
  constantIndex,
  readIndex,
  remainderIndex,
  scaleIndex,
  sumIndex,
  variableIndex,
} from "../../ir/indices.ts";
import { variablesOver } from "../../ir/build.ts";
import { indexScalar } from "../../ir/scalars.ts";
import { operations } from "../../ops/index.ts";
import { strideOf } from "../../ops/making.ts";
import type { OptionValue } from "../../ops/operation.ts";
import type { Span } from "../../text/source.ts";
import type { Elaboration, Recurrence, Scope } from "./elaboration.ts";
import * as exact from "../statics/exact.ts";
import { newValue } from "./graph-builder.ts";
import { type Meaning, tensor } from "../statics/meaning.ts";
import { applyComprehension, applyOperation } from "./operations.ts";

/** The recurrences around a place in the program, outermost first. */
function around(recurrence: Recurrence | null): readonly Recurrence[] {
  return recurrence === null ? [] : [...around(recurrence.outer), recurrence];
}

/**
 * `x[:, t]` where t is the step and x stands outside: the part that belongs to the step. Null where the index is no
 * step, where x changes from step to step, and where the axis has another size.
 */
export function stepOf(elaboration: Elaboration, value: Value, axis: number, index: Value): Value | null {
  const recurrence = around(elaboration.recurrence).find(({ place }) => place === index);
  const extent = value.type.shape[axis];
  if (recurrence === undefined || extent === undefined) return null;
  const { place, steps, sequences } = recurrence;
  if (value.id > place.id || !sameDimension(extent, steps)) return null;
  const known = sequences.find((sequence) => sequence.outer === value && sequence.axis === axis);
  if (known !== undefined) return known.inner;
  const type = { ...value.type, shape: value.type.shape.toSpliced(axis, 1) };
  const inner = newValue(elaboration.graph, type, elaboration.graph.names.get(value) ?? value.name);
  sequences.push({ outer: value, axis, inner });
  return inner;
}

/** `i % 4` of indices is an index below 4; null where it is a remainder of numbers. */
export function remainderOfIndex(
  elaboration: Elaboration,
  scope: Scope,
  left: Meaning,
  right: Meaning,
): Meaning | null {
  if (left.kind !== "tensor" || left.value.type.element.kind !== "index") return null;
  if (right.kind !== "number" || !exact.isWhole(right.number)) return null;
  const size = exact.toNumber(right.number);
  if (size < 1) return null;
  const { shape } = left.value.type;
  const domain = variablesOver(shape);
  const at = domain.map(variableIndex);
  const made = applyComprehension(elaboration, scope, "remainder", [left.value], {
    type: { element: { kind: "index", size }, shape },
    comprehension: {
      domain,
      target: at,
      reducer: null,
      body: indexScalar(remainderIndex(readIndex(0, at), size)),
    },
  });
  return tensor(made);
}

/**
 * Random numbers. Within recurrences the elements of all steps are numbered through, so that each step draws for
 * itself: element = step · elements + place.
 */
export function applyDraw(
  elaboration: Elaboration,
  scope: Scope,
  name: string,
  options: Readonly<Record<string, OptionValue>>,
  span: Span,
): Meaning {
  const recurrences = around(elaboration.recurrence);
  const built = operations.get(name)!.build([], options);
  if (recurrences.length === 0 || built.kind === "problem")
    return applyOperation(elaboration, scope, name, [], options, span);
  const { type, comprehension } = built;
  const elements = type.shape
    .filter((dimension) => !countsSamples(dimension))
    .reduce((product, dimension) => product * strideOf(dimension), 1);
  const step = recurrences.reduce<IndexExpression>(
    (number, { steps }, operand) => sumIndex(scaleIndex(strideOf(steps), number), readIndex(operand, [])),
    constantIndex(0),
  );
  const body = movedBy(comprehension.body, scaleIndex(elements, step));
  const places = recurrences.map(({ place }) => place);
  return tensor(
    applyComprehension(elaboration, scope, name, places, { type, comprehension: { ...comprehension, body } }),
  );
}

/** The draws of a body with so much added to the numbers of their elements. */
function movedBy(body: Scalar, offset: IndexExpression): Scalar {
  if (body.kind === "random") return { ...body, element: sumIndex(body.element, offset) };
  if (body.kind !== "apply") return body;
  return { ...body, arguments: body.arguments.map((argument) => movedBy(argument, offset)) };
}
