/** Owns the text of assignments, in the notation of the language: what a kernel computes, for readers. */
import { infix, loosest, printInfix } from "../ir/infix.ts";
import type { Assignment } from "./assignment.ts";
import { simplifyPlace } from "./linear.ts";
import type { Axis, Place, Term } from "./term.ts";

function shortName(name: string): string {
  return name.split(".").at(-1)!;
}

/** What axes are called: by their own names, told apart where two of an assignment share one. */
export type AxisNames = (axis: Axis) => string;

function distinctNames(): AxisNames {
  const names = new Map<Axis, string>();
  return (axis) => {
    const known = names.get(axis);
    if (known !== undefined) return known;
    const taken = new Set(names.values());
    const candidates = [axis.name, ..."ijklmnopqrstuvw", ...Array.from({ length: 100 }, (_, i) => `i${i}`)];
    const name = candidates.find((candidate) => !taken.has(candidate))!;
    names.set(axis, name);
    return name;
  };
}

export function printPlace(place: Place, names: AxisNames): string {
  const inner = (of: Place): string => printPlace(of, names);
  switch (place.kind) {
    case "literal":
      return String(place.value);
    case "axis":
      return names(place.axis);
    case "count":
      return "count";
    case "sum":
      return place.terms.map(inner).join(" + ");
    case "scaled":
      return `${place.factor} * ${inner(place.of)}`;
    case "quotient":
      return `floor((${inner(place.of)}) / ${place.by})`;
    case "remainder":
      return `(${inner(place.of)}) % ${place.by}`;
    case "element":
      return printAccess(place.tensor.name, place.at, names);
  }
}

function printAccess(name: string, at: readonly Place[], axes: AxisNames): string {
  const places = at.map((place) => printPlace(simplifyPlace(place), axes));
  return at.length === 0 ? shortName(name) : `${shortName(name)}[${places.join(", ")}]`;
}

/** Binding strength of the context: what binds less is put in parentheses. */
export function printTerm(term: Term, names: AxisNames = distinctNames(), outer = loosest): string {
  switch (term.kind) {
    case "number":
      return String(term.value);
    case "place": {
      const place = simplifyPlace(term.of);
      const text = printPlace(place, names);
      return place.kind === "sum" ? `(${text})` : text;
    }
    case "inside":
      return `0 <= ${printPlace(term.of, names)} < ${printPlace(term.extent, names)}`;
    case "read":
      return printAccess(term.tensor.name, term.at, names);
    case "random": {
      const sample = term.sample === null ? "" : `${printPlace(term.sample, names)}, `;
      return `${term.distribution}(${sample}${printPlace(term.element, names)}, stream: ${term.stream})`;
    }
    case "reduced": {
      const { reducer, over, body } = term.reduction;
      const axes = over.map(names);
      return `${reducer}(${printTerm(body, names)}, over: ${axes.length === 1 ? axes[0]! : `[${axes.join(", ")}]`})`;
    }
    case "apply": {
      const operator = infix[term.function];
      if (operator === undefined)
        return `${term.function}(${term.arguments.map((argument) => printTerm(argument, names)).join(", ")})`;
      return printInfix(operator, term.arguments, outer, (argument, around) =>
        printTerm(argument, names, around),
      );
    }
  }
}

export function printAssignment(assignment: Assignment): string {
  const { target, at, value, scatter, goesOn = false } = assignment;
  const names = distinctNames();
  return `${printAccess(target.name, at, names)} ${scatter || goesOn ? "+=" : "="} ${printTerm(value, names)}`;
}
