/** Owns what a `scan` carries: the type that its line writes, and what it is at the first step. */
import { variablesOver } from "../../ir/build.ts";
import type { Dimension } from "../../ir/dimension.ts";
import type { Value } from "../../ir/graph.ts";
import { constantIndex, variableIndex } from "../../ir/indices.ts";
import { constant, indexScalar } from "../../ir/scalars.ts";
import { type TensorType, float, printType, sameElement, sameShape } from "../../ir/type.ts";
import { carryUnfit, heldNotFloat, sizeUnfit } from "../../report/catalogue/check.ts";
import type { Held as HeldStatement, ShapeType, Type } from "../../syntax/ast.ts";
import type { Span } from "../../text/source.ts";
import { type Elaboration, type Scope, complain } from "./elaboration.ts";
import * as exact from "../statics/exact.ts";
import { evaluate } from "./expression.ts";
import { addNode } from "./graph-builder.ts";
import { evaluateInitialNumber, fillingNames } from "./initializer.ts";
import { type Meaning, describe } from "../statics/meaning.ts";
import { broadcastScalar, tensorDue } from "./operations.ts";
import { evaluateShape } from "../shapes/shape.ts";

/** `[batch, units]` or `index(rows)[batch]`; null with a message. */
export function carriedType(elaboration: Elaboration, scope: Scope, type: Type): TensorType | null {
  if (type.kind === "shape") return shaped(evaluateShape(elaboration, scope, type), float);
  if (type.kind !== "index") {
    complain(elaboration, scope, heldNotFloat.build({ span: type.span, what: "carry" }));
    return null;
  }
  const size = evaluate(elaboration, scope, type.size);
  if (size.kind !== "number" || !exact.isWhole(size.number) || exact.toNumber(size.number) < 1) {
    if (size.kind !== "unknown")
      complain(elaboration, scope, sizeUnfit.build({ span: type.size.span, found: describe(size) }));
    return null;
  }
  const element = { kind: "index", size: exact.toNumber(size.number) } as const;
  return shaped(type.shape === null ? [] : evaluateShape(elaboration, scope, type.shape), element);
}

function shaped(shape: readonly Dimension[] | null, element: TensorType["element"]): TensorType | null {
  return shape === null ? null : { element, shape };
}

const draws = new Set(["normal", "uniform"]);

/** What a carry is at the first step, evaluated where the scan stands; null with a message. */
export function initialValue(
  { elaboration, scope }: { readonly elaboration: Elaboration; readonly scope: Scope },
  statement: HeldStatement,
  type: TensorType,
): Value | null {
  const { value: expression } = statement;
  const called =
    expression.kind === "call" && expression.callee.kind === "name" ? expression.callee.name.text : "";
  if (fillingNames.has(called)) {
    const number = evaluateInitialNumber(elaboration, scope, expression, []);
    return number === null ? null : filled(elaboration, scope, type, number);
  }
  const shapeless = draws.has(called) && expression.kind === "call" && expression.arguments.length === 0;
  const meaning = shapeless
    ? evaluate(elaboration, scope, { ...expression, arguments: [likeShape(statement)] })
    : evaluate(elaboration, scope, expression);
  return fitted(elaboration, scope, statement, type, meaning, expression.span, "begin");
}

/** `normal()` draws numbers of the shape on its left: as `normal(shape: […])`. */
function likeShape({ type, value }: HeldStatement): {
  readonly label: { readonly text: string; readonly span: Span };
  readonly value: { readonly kind: "list"; readonly span: Span; readonly items: ShapeType["dimensions"] };
  readonly span: Span;
} {
  const { span } = value;
  const items = type.kind === "shape" ? type.dimensions : [];
  return { label: { text: "shape", span }, value: { kind: "list", span, items }, span };
}

/** A meaning as a value of that type: as it is, or a single number everywhere; null with a message. */
export function fitted(
  elaboration: Elaboration,
  scope: Scope,
  { name }: HeldStatement,
  type: TensorType,
  meaning: Meaning,
  span: Span,
  when: "begin" | "next",
): Value | null {
  const { element } = type;
  if (meaning.kind === "number" && element.kind === "index") {
    const place = exact.toNumber(meaning.number);
    if (Number.isInteger(place) && place >= 0 && place < element.size)
      return filled(elaboration, scope, type, place);
  }
  const value = tensorDue(elaboration, scope, meaning, span);
  if (value === null) return null;
  const sameElements = sameElement(value.type.element, element);
  if (sameElements && sameShape(value.type.shape, type.shape)) return value;
  if (sameElements && value.type.shape.length === 0)
    return broadcastScalar(elaboration, scope, value, type.shape);
  const [due, found] = [printType(type), printType(value.type)];
  complain(
    elaboration,
    scope,
    carryUnfit.build({ span, name: name.text, when, due, found, declared: name.span }),
  );
  return null;
}

function filled(elaboration: Elaboration, scope: Scope, type: TensorType, number: number): Value {
  const domain = variablesOver(type.shape);
  const body = type.element.kind === "index" ? indexScalar(constantIndex(number)) : constant(number);
  const comprehension = { domain, target: domain.map(variableIndex), reducer: null, body };
  return addNode(elaboration.graph, "constant", [], { type, comprehension }, scope.frame);
}
