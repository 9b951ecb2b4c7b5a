/** Owns random draws: which shape they take, with which options, and which place of the program draws. */
import type { Dimension } from "../../ir/dimension.ts";
import type { OptionValue } from "../../ops/operation.ts";
import { drawShape, optionUnfit } from "../../report/catalogue/check.ts";
import { type Formal, optionFormal, tensorFormal } from "./arguments.ts";
import type { CallSite } from "./call.ts";
import { type Elaboration, type Scope, complain } from "./elaboration.ts";
import * as exact from "../statics/exact.ts";
import { type Given, type Meaning, describe, plain, unknown } from "../statics/meaning.ts";
import { applyOperation, asTensor, tensorDue } from "./operations.ts";
import { applyDraw } from "./recurrence.ts";
import { shapeOf } from "../shapes/shape.ts";

export type Distribution = "bernoulli" | "uniform" | "uniform_index" | "normal";

const everyDraw: readonly Formal[] = [optionFormal("shape"), tensorFormal("like", false)];

/** What each takes. */
export const drawFormals: Readonly<Record<Distribution, readonly Formal[]>> = {
  bernoulli: [optionFormal("probability", true), ...everyDraw],
  uniform: everyDraw,
  uniform_index: [optionFormal("size", true), ...everyDraw],
  normal: everyDraw,
};

type Matched = ReadonlyMap<string, readonly Given[]>;

/** Random numbers drawn anew each step, of the shape of `like` or of a list of dimensions. */
export function draw(distribution: Distribution) {
  return (elaboration: Elaboration, scope: Scope, matched: Matched, site: CallSite): Meaning => {
    const probability = matched.get("probability")?.[0];
    const chance = probability === undefined ? null : probability.evaluate(plain);
    if (chance?.kind === "unknown") return unknown;
    const shape = shapeDrawn(elaboration, scope, matched, chance);
    if (shape === "unknown") return unknown;
    if (shape === null) {
      complain(elaboration, scope, drawShape.build({ span: site.span, draw: distribution }));
      return unknown;
    }
    const options = { stream: streamOf(elaboration, scope, site), shape };
    const wrong = (given: Given, option: string, due: string, found: Meaning): Meaning => {
      const facts = { callee: distribution, option, due, found: describe(found) };
      complain(elaboration, scope, optionUnfit.build({ span: given.span, ...facts }));
      return unknown;
    };
    if (probability !== undefined && chance !== null) {
      if (chance.kind === "tensor") return drawnBelow(elaboration, scope, chance, options, site);
      const number = chance.kind === "number" ? exact.toNumber(chance.number) : NaN;
      // What the library hands on, its layers require of their own options.
      const trusted = chance.kind === "number" && elaboration.program.isLibrary(site.span.source);
      if (!trusted && !(number >= 0 && number <= 1))
        return wrong(probability, "probability", "a number from 0 to 1", chance);
      return applyDraw(elaboration, scope, distribution, { ...options, probability: number }, site.span);
    }
    const size = matched.get("size")?.[0];
    if (size === undefined) return applyDraw(elaboration, scope, distribution, options, site.span);
    const below = size.evaluate(plain);
    if (below.kind === "unknown") return unknown;
    const count = below.kind === "number" && exact.isWhole(below.number) ? exact.toNumber(below.number) : 0;
    if (count < 1 || count > mostIndices)
      return wrong(size, "size", `a whole number from 1 to ${mostIndices}`, below);
    return applyDraw(elaboration, scope, distribution, { ...options, size: count }, site.span);
  };
}

/** A draw has 24 bits: of more indices some would never come. */
const mostIndices = 2 ** 24;

/** Of `like`, of `shape`, or of a tensor of probabilities; null where nothing says it. */
function shapeDrawn(
  elaboration: Elaboration,
  scope: Scope,
  matched: Matched,
  chance: Meaning | null,
): readonly Dimension[] | null | "unknown" {
  const [given, like] = [matched.get("shape")?.[0], matched.get("like")?.[0]];
  if (given !== undefined) return shapeOf(elaboration, scope, given.evaluate(plain), given.span) ?? "unknown";
  if (like !== undefined)
    return tensorDue(elaboration, scope, like.evaluate(plain), like.span)?.type.shape ?? "unknown";
  return chance?.kind === "tensor" ? chance.value.type.shape : null;
}

/** `bernoulli(p)` of a tensor: 1 where a number drawn from 0 to 1 is below p. */
function drawnBelow(
  elaboration: Elaboration,
  scope: Scope,
  chance: Meaning,
  options: Readonly<Record<string, OptionValue>>,
  { span }: CallSite,
): Meaning {
  const drawn = asTensor(elaboration, scope, applyDraw(elaboration, scope, "uniform", options, span));
  const probability = asTensor(elaboration, scope, chance);
  if (drawn === null || probability === null) return unknown;
  const below = applyOperation(elaboration, scope, "less", [drawn, probability], {}, span, [span, span]);
  return below.kind === "tensor"
    ? applyOperation(elaboration, scope, "to_float", [below.value], {}, span)
    : unknown;
}

/** The number of a draw: the same for the same place in the program, whichever elaboration meets it. */
function streamOf(elaboration: Elaboration, scope: Scope, site: CallSite): number {
  const { source, start } = site.span;
  const place = [scope.frame.path, ...scope.loops, `${source.name}:${start}`].join("|");
  const drawn = elaboration.draws.get(place) ?? 0;
  elaboration.draws.set(place, drawn + 1);
  const { streams } = elaboration.registry;
  const key = `${place}#${drawn}`;
  const known = streams.get(key);
  if (known !== undefined) return known;
  streams.set(key, streams.size);
  return streams.size - 1;
}
