/** Owns the text of assignments, in the notation of the language: what a kernel computes, for readers. */
import type { Assignment } from "./assignment.ts";
import { simplifyPlace } from "./linear.ts";
import type { Place, Term } from "./term.ts";

const INFIX: Readonly<Record<string, { readonly sign: string; readonly binds: number }>> = {
  add: { sign: "+", binds: 1 },
  subtract: { sign: "-", binds: 1 },
  multiply: { sign: "*", binds: 2 },
  divide: { sign: "/", binds: 2 },
  less: { sign: "<", binds: 0 },
  less_equal: { sign: "<=", binds: 0 },
  equal: { sign: "==", binds: 0 },
  not_equal: { sign: "!=", binds: 0 },
};

function shortName(name: string): string {
  return name.split(".").at(-1)!;
}

export function printPlace(place: Place): string {
  switch (place.kind) {
    case "literal":
      return String(place.value);
    case "axis":
      return place.axis.name;
    case "count":
      return "count";
    case "sum":
      return place.terms.map(printPlace).join(" + ");
    case "scaled":
      return `${place.factor} * ${printPlace(place.of)}`;
    case "quotient":
      return `floor((${printPlace(place.of)}) / ${place.by})`;
    case "remainder":
      return `(${printPlace(place.of)}) % ${place.by}`;
    case "element":
      return printAccess(place.tensor.name, place.at);
  }
}

function printAccess(name: string, at: readonly Place[]): string {
  const places = at.map((place) => printPlace(simplifyPlace(place)));
  return at.length === 0 ? shortName(name) : `${shortName(name)}[${places.join(", ")}]`;
}

/** Binding strength of the context: what binds less is put in parentheses. */
export function printTerm(term: Term, outer = -1): string {
  switch (term.kind) {
    case "number":
      return String(term.value);
    case "place":
      return printPlace(term.of);
    case "inside":
      return `0 <= ${printPlace(term.of)} < ${printPlace(term.extent)}`;
    case "read":
      return printAccess(term.tensor.name, term.at);
    case "random": {
      const sample = term.sample === null ? "" : `${printPlace(term.sample)}, `;
      return `${term.distribution}(${sample}${printPlace(term.element)}, stream: ${term.stream})`;
    }
    case "reduced": {
      const { reducer, over, body } = term.reduction;
      const axes = over.map(({ name }) => name);
      return `${reducer}(${printTerm(body)}, over: ${axes.length === 1 ? axes[0]! : `[${axes.join(", ")}]`})`;
    }
    case "apply": {
      const infix = INFIX[term.function];
      if (infix === undefined)
        return `${term.function}(${term.arguments.map((argument) => printTerm(argument)).join(", ")})`;
      const [left, right] = term.arguments;
      const text = `${printTerm(left!, infix.binds - 0.5)} ${infix.sign} ${printTerm(right!, infix.binds)}`;
      return infix.binds <= outer ? `(${text})` : text;
    }
  }
}

export function printAssignment(assignment: Assignment): string {
  const { target, at, value, scatter } = assignment;
  return `${printAccess(target.name, at)} ${scatter ? "+=" : "="} ${printTerm(value)}`;
}
