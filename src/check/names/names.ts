/** Owns what names of values mean: bindings, what the language gives, constants. */
import { symbolic } from "../../ir/dimension.ts";
import { layerNotValue, unknownName } from "../../report/catalogue/check.ts";
import { suggest } from "../../report/suggest.ts";
import type { Name } from "../../syntax/ast.ts";
import { type Span } from "../../text/source.ts";
import { scheduleNow, scheduleOf } from "../elaborate/call.ts";
import { findCallable, callableNames } from "../elaborate/callable.ts";
import { constantValue } from "../elaborate/constant.ts";
import { type Elaboration, type Scope, complain } from "../elaborate/elaboration.ts";
import * as exact from "../statics/exact.ts";
import {
  type Expected,
  type Meaning,
  meaningOfDimension,
  numeric,
  unfound,
  unknown,
} from "../statics/meaning.ts";

export function valueOfName(elaboration: Elaboration, scope: Scope, name: Name, expected: Expected): Meaning {
  if (expected.words.includes(name.text)) return { kind: "word", text: name.text };
  const found = lookUp(elaboration, scope, name.text);
  if (found !== null) {
    if (found.kind === "schedule" && !expected.schedule)
      return scheduleNow(elaboration, scope, found, name.span);
    return found;
  }
  if (scope.file.promised.has(name.text)) return unknown;
  const callable = findCallable(elaboration, scope, name.text);
  if (callable !== null) {
    if (expected.schedule && callable.kind === "definition" && callable.definition.sort === "schedule")
      return scheduleOf(callable, []);
    if (expected.layerTensors !== null) {
      const stage = { callee: callable, given: [], label: name.text, span: name.span };
      return callable.kind === "layer" ? callable.layer : { kind: "layer", stages: [stage], shared: null };
    }
    complain(elaboration, scope, layerNotValue.build({ span: name.span, name: name.text }));
    return unknown;
  }
  const suggestion =
    suggest(name.text, [...expected.words, ...valueNames(scope)]) ??
    (expected.layerTensors === null ? null : suggest(name.text, callableNames(elaboration, scope)));
  complain(
    elaboration,
    scope,
    expected.words.length > 0 && scope.bindings.size === 0
      ? unknownName.build({ span: name.span, name: name.text, what: "word", suggestion })
      : unknownName.build({ span: name.span, name: name.text, what: "value", suggestion }),
  );
  // What is unknown once stays silent from here on.
  scope.bindings.set(name.text, { meaning: unfound, span: name.span });
  return unknown;
}

/** The value of a name: bindings, then what the language gives, then the constants of the file. */
export function lookUp(elaboration: Elaboration, scope: Scope, name: string): Meaning | null {
  const bound = scope.bindings.get(name);
  if (bound !== undefined) return bound.meaning;
  if (name === "batch") return { kind: "dimension", dimension: symbolic(elaboration.batch) };
  if (name === "training") return { kind: "boolean", value: elaboration.training };
  if (name === "pi") return numeric(exact.inexact(Math.PI));
  const constant = scope.file.constants.get(name);
  if (constant === undefined) return null;
  return constantValue(elaboration, scope, constant);
}

export function valueNames(scope: Scope): readonly string[] {
  const bound = [...scope.bindings].filter(([, { meaning }]) => meaning !== unfound).map(([name]) => name);
  return [...bound, ...scope.file.constants.keys(), "batch", "training", "pi"];
}

export function ellipsis(elaboration: Elaboration, scope: Scope, span: Span): Meaning {
  if (scope.ellipsis !== null) return { kind: "list", items: scope.ellipsis.map(meaningOfDimension) };
  complain(
    elaboration,
    scope,
    unknownName.build({ span, name: "...", what: "dimensions", suggestion: null }),
  );
  return unknown;
}
