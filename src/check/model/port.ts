/** Owns the types of what callers pass and get: declared per sample, with `batch` in front of the tensor. */
import { symbolic } from "../../ir/dimension.ts";
import { type ElementType, type TensorType, float } from "../../ir/type.ts";
import { portUnfit, sizeUnfit } from "../../report/catalogue/check.ts";
import type { Type } from "../../syntax/ast.ts";
import { textOf } from "../../text/source.ts";
import { type Elaboration, type Scope, complain } from "../elaborate/elaboration.ts";
import * as exact from "../statics/exact.ts";
import { evaluate } from "../elaborate/expression.ts";
import { describe } from "../statics/meaning.ts";
import { evaluateShape } from "../shapes/shape.ts";

/** Null with a message where data has no such type. */
export function portType(elaboration: Elaboration, scope: Scope, type: Type): TensorType | null {
  const batch = symbolic(elaboration.batch, { span: type.span });
  if (type.kind === "shape") {
    const shape = evaluateShape(elaboration, scope, type);
    return shape === null ? null : { element: float, shape: [batch, ...shape] };
  }
  if (type.kind === "index") {
    const size = evaluate(elaboration, scope, type.size);
    if (size.kind !== "number" || !exact.isWhole(size.number) || exact.toNumber(size.number) < 1) {
      if (size.kind !== "unknown")
        complain(elaboration, scope, sizeUnfit.build({ span: type.size.span, found: describe(size) }));
      return null;
    }
    const shape = type.shape === null ? [] : evaluateShape(elaboration, scope, type.shape);
    const element: ElementType = { kind: "index", size: exact.toNumber(size.number) };
    return shape === null ? null : { element, shape: [batch, ...shape] };
  }
  if (type.kind === "named" && type.name.text === "float" && type.bound === null)
    return { element: float, shape: [batch] };
  complain(elaboration, scope, portUnfit.build({ span: type.span, found: textOf(type.span) }));
  return null;
}
