/** Owns the declaration of lengths that vary from sample to sample: `[5 <= time <= 256]` in the shape of a port. */
import { type DeclaredSymbol, type Dimension, symbolic } from "../../ir/dimension.ts";
import { lengthMisplaced, lengthUnfit } from "../../report/catalogue/check.ts";
import type { Comparison, Expression, Name } from "../../syntax/ast.ts";
import { textOf } from "../../text/source.ts";
import { type Elaboration, type Scope, complain, tell } from "../elaborate/elaboration.ts";
import { evaluate } from "../elaborate/expression.ts";
import * as exact from "../statics/exact.ts";
import { unknown } from "../statics/meaning.ts";

interface Written {
  readonly name: Name;
  readonly least: Expression | null;
  readonly most: Expression;
}

/** `5 <= time <= 256` or `time <= 256`; null for any other comparison. */
function writtenLength({ operands, operators }: Comparison): Written | null {
  if (!operators.every((operator) => operator === "<=")) return null;
  const [first, second, third] = operands;
  if (operands.length === 2 && first?.kind === "name")
    return { name: first.name, least: null, most: second! };
  if (operands.length !== 3 || second?.kind !== "name") return null;
  return { name: second.name, least: first!, most: third! };
}

/** Binds the length's name and gives its dimension; null with a message. */
export function declareLength(
  elaboration: Elaboration,
  scope: Scope,
  comparison: Comparison,
): Dimension | null {
  const { span } = comparison;
  const text = textOf(span);
  const written = writtenLength(comparison);
  const forget = (): null => {
    for (const operand of comparison.operands)
      if (operand.kind === "name" && !scope.bindings.has(operand.name.text))
        scope.bindings.set(operand.name.text, { meaning: unknown, span });
    return null;
  };
  if (scope.kind !== "model" && scope.kind !== "entry") {
    complain(elaboration, scope, lengthMisplaced.build({ span, text, name: written?.name.text ?? null }));
    return forget();
  }
  const unfit = (reason: string, declared: typeof span | null = null): null => {
    const name = written?.name.text ?? null;
    complain(elaboration, scope, lengthUnfit.build({ span, text, reason, declared, name }));
    return forget();
  };
  if (written === null) return unfit("it needs one name and its largest value");
  const { name } = written;
  const before = scope.bindings.get(name.text);
  // What an entry sees of its model it may call anew.
  const own = before !== undefined && before.span.start >= scope.frame.span.start;
  if (own)
    return before.meaning.kind === "unknown"
      ? null
      : unfit(`\`${name.text}\` has a meaning already`, before.span);
  const [least, most] = [written.least, written.most].map((bound) => boundOf(elaboration, scope, bound));
  if (least === undefined || most === undefined)
    return unfit("its bounds are whole numbers known when compiling");
  if (least < 1 || most < least)
    return unfit(`it would be ${least} to ${most} long, and a sample has at least 1`);
  const { lengths } = elaboration.registry;
  const place = `${span.source.name}:${span.start}`;
  const known = lengths.get(place);
  const symbol: DeclaredSymbol = known ?? { kind: "length", name: name.text, minimum: least, maximum: most };
  lengths.set(place, symbol);
  const dimension = symbolic(symbol, { span });
  scope.bindings.set(name.text, { meaning: { kind: "dimension", dimension }, span: name.span });
  tell(elaboration, name.span, "dimension", least === 1 ? `up to ${most}` : `${least} to ${most}`);
  return dimension;
}

/** 1 where it is left out; undefined where it is no whole number. */
function boundOf(elaboration: Elaboration, scope: Scope, bound: Expression | null): number | undefined {
  if (bound === null) return 1;
  const meaning = evaluate(elaboration, scope, bound);
  return meaning.kind === "number" && exact.isWhole(meaning.number)
    ? exact.toNumber(meaning.number)
    : undefined;
}
