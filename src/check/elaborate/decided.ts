/** Owns lengths that numbers decide: a sequence cut to what a count says, each sample for itself, as `until(0)` does. */
import { type DeclaredSymbol, type Dimension, isLiteral, mostValue, symbolic } from "../../ir/dimension.ts";
import type { IndexVariable } from "../../ir/comprehension.ts";
import type { Value } from "../../ir/graph.ts";
import { constantIndex, dimensionIndex, readIndex, sumIndex, variableIndex } from "../../ir/indices.ts";
import { apply, constant, indexScalar, inside, read, readAt, select } from "../../ir/scalars.ts";
import { printType } from "../../ir/type.ts";
import { untilUnfit } from "../../report/catalogue/check.ts";
import { type Formal, optionFormal, tensorFormal } from "./arguments.ts";
import type { CallSite } from "./call.ts";
import { type Elaboration, type Scope, complain, nodeFrame } from "./elaboration.ts";
import * as exact from "../statics/exact.ts";
import { addNode } from "./graph-builder.ts";
import { type Given, type Meaning, describe, plain, tensor, unknown } from "../statics/meaning.ts";
import { tensorDue } from "./operations.ts";

/**
 * A length of its own for a place of the program, 1 to `maximum`: each time that the place is reached another, the same
 * with `training` and without.
 */
function ownLength(
  { registry, draws }: Elaboration,
  { path }: CallSite,
  name: string,
  maximum: number,
): DeclaredSymbol {
  const place = `${path} ${name}`;
  const before = draws.get(place) ?? 0;
  draws.set(place, before + 1);
  const key = `${place} ${before}`;
  const known = registry.lengths.get(key);
  if (known !== undefined) return known;
  const names = new Set([...registry.lengths.values()].map((length) => length.name));
  let own = name;
  for (let k = 2; names.has(own); k += 1) own = `${name}_${k}`;
  const fresh: DeclaredSymbol = { kind: "length", name: own, minimum: 1, maximum, carried: true };
  registry.lengths.set(key, fresh);
  return fresh;
}

/** `y[b, i, …] = if i < counts[b] { x[b, i, …] } else { 0 }`, i up to a length that is `counts[b]` for each sample. */
export function cutTo(
  elaboration: Elaboration,
  scope: Scope,
  site: CallSite,
  { sequence, counts, name }: { readonly sequence: Value; readonly counts: Value; readonly name: string },
): Value {
  const { element, shape } = sequence.type;
  const extent = shape[1]!;
  const symbol = ownLength(elaboration, site, name, mostValue(extent));
  const own = shape.with(1, symbolic(symbol, { span: site.span }));
  const domain = own.map((each, axis): IndexVariable => ({
    name: "bijklm"[axis] ?? `i${axis}`,
    extent: each,
  }));
  const [sample, place] = domain.slice(0, 2).map(variableIndex) as [Index, Index];
  // Of a length that varies it is not told by the bounds alone that the cut is no longer.
  const value = readAt(0, domain);
  const guarded = isLiteral(extent) ? value : select(inside(place, extent), value, constant(0));
  const body = select(apply("less", indexScalar(place), read(1, [sample])), guarded, constant(0));
  const comprehension = { domain, target: domain.map(variableIndex), reducer: null, body };
  const type = { element, shape: own };
  return addNode(elaboration.graph, "carried", [sequence, counts], { type, comprehension }, nodeFrame(scope));
}

type Index = ReturnType<typeof variableIndex>;

export const untilFormals: readonly Formal[] = [tensorFormal("text"), optionFormal("symbol", true)];

/** `until(text, symbol)`: the text up to the first such symbol, that one among it; all of it where it holds none. */
export function runUntil(
  elaboration: Elaboration,
  scope: Scope,
  matched: ReadonlyMap<string, readonly Given[]>,
  site: CallSite,
): Meaning {
  const [text, symbol] = ["text", "symbol"].map((name) => matched.get(name)![0]!) as [Given, Given];
  const unfit = ({ span }: Given, due: string, found: string): Meaning => {
    complain(elaboration, scope, untilUnfit.build({ span, due, found }));
    return unknown;
  };
  const sequence = tensorDue(elaboration, scope, text.evaluate(plain), text.span);
  const asked = symbol.evaluate(plain);
  if (sequence === null || asked.kind === "unknown") return unknown;
  const { element, shape } = sequence.type;
  if (element.kind !== "index" || shape.length !== 2)
    return unfit(text, "indices of shape [batch, time]", printType(sequence.type));
  const number = asked.kind === "number" ? exact.toNumber(asked.number) : NaN;
  if (!Number.isInteger(number) || number < 0 || number >= element.size)
    return unfit(symbol, `one of the symbols 0 to ${element.size - 1}`, describe(asked));
  const counts = countUntil(elaboration, scope, sequence, number);
  return tensor(cutTo(elaboration, scope, site, { sequence, counts, name: "until" }));
}

/** `1 + argmax(2 where x[b, i] is the symbol, 1 at the last place, else 0; over i)`, the first of equals. */
function countUntil(elaboration: Elaboration, scope: Scope, sequence: Value, symbol: number): Value {
  const [samples, extent] = sequence.type.shape as [Dimension, Dimension];
  const most = mostValue(extent);
  const [b, i] = [
    { name: "b", extent: samples },
    { name: "i", extent },
  ];
  const at = [b, i].map(variableIndex) as [Index, Index];
  const end = dimensionIndex({ ...extent, constant: extent.constant - 1 });
  const isLast = apply("equal", indexScalar(at[1]), indexScalar(end));
  const isSymbol = apply("equal", read(0, at), constant(symbol));
  const place = addNode(
    elaboration.graph,
    "until",
    [sequence],
    {
      type: { element: { kind: "index", size: most }, shape: [samples] },
      comprehension: {
        domain: [b, i],
        target: [at[0]],
        reducer: "argmax",
        body: select(isSymbol, constant(2), select(isLast, constant(1), constant(0))),
      },
    },
    nodeFrame(scope),
  );
  return addNode(
    elaboration.graph,
    "until",
    [place],
    {
      type: { element: { kind: "index", size: most + 1 }, shape: [samples] },
      comprehension: {
        domain: [b],
        target: [at[0]],
        reducer: null,
        body: indexScalar(sumIndex(readIndex(0, [at[0]]), constantIndex(1))),
      },
    },
    nodeFrame(scope),
  );
}
