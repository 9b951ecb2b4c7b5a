/**
 * Owns what the host computes: values of rank 0 that no tensor feeds (rates, bias corrections) are worked out in double
 * precision before a routine runs; factors and divisors among them are gathered, so that an element costs less.
 */
import type { Buffer, Numeric, Statement } from "../ir/loops.ts";
import type { Assignment } from "./assignment.ts";
import { nestContext } from "./nests/context.ts";
import { numericOf } from "./nests/value.ts";
import { scalarMachine } from "./layout.ts";
import { printTerm } from "./print.ts";
import type { Tensor } from "./tensor.ts";
import { apply, type Term, tensorsIn, termsIn } from "./term.ts";

/** `step`, `total` and `ease`, as arguments of an optimizer's function. */
export type HostArguments = ReadonlyMap<Tensor, "step" | "total" | "ease">;

export interface HostSplit {
  /** What is left for the nests; its terms read scalars where they held host values. */
  readonly assignments: readonly Assignment[];
  /** Host values by the tensor of rank 0 that hands them over, in the order of their statements. */
  readonly scalars: ReadonlyMap<Tensor, Term>;
}

function isHostAssignment(assignment: Assignment, host: ReadonlySet<Tensor>): boolean {
  if (assignment.axes.length > 0 || assignment.scatter) return false;
  for (const { term } of termsIn(assignment.value)) {
    if (term.kind === "reduced" || term.kind === "random" || term.kind === "place") return false;
  }
  return [...tensorsIn(assignment.value)].every((tensor) => host.has(tensor));
}

function isHost(term: Term, host: ReadonlySet<Tensor>): boolean {
  if (term.kind === "number") return true;
  if (term.kind === "read") return host.has(term.tensor);
  return term.kind === "apply" && term.arguments.every((argument) => isHost(argument, host));
}

/** x / h = (1 / h) · x, h₁ · (h₂ · x) = (h₁ · h₂) · x and h · (x / y) = (h · x) / y, so that host values meet. */
function gather(term: Term, host: ReadonlySet<Tensor>): Term {
  if (term.kind !== "apply") return term;
  const args = term.arguments.map((argument) => gather(argument, host));
  const [a, b] = args;
  const isOfHost = (of: Term): boolean => isHost(of, host);
  if (term.function === "divide" && isOfHost(b!) && !isOfHost(a!))
    return gather(apply("multiply", apply("divide", { kind: "number", value: 1 }, b!), a!), host);
  if (term.function === "multiply" && isOfHost(a!) !== isOfHost(b!)) {
    const [factor, rest] = isOfHost(a!) ? [a!, b!] : [b!, a!];
    const [inner, value] =
      rest.kind === "apply" && rest.function === "multiply" ? rest.arguments : [null, null];
    if (rest.kind === "apply" && rest.function === "divide") {
      const [dividend, divisor] = rest.arguments;
      return apply("divide", gather(apply("multiply", factor, dividend!), host), divisor!);
    }
    if (inner && value && isOfHost(inner)) return apply("multiply", apply("multiply", factor, inner), value);
    return apply("multiply", factor, rest);
  }
  return { ...term, arguments: args };
}

/** Takes host values out of the assignments. `handed` must be handed over as they are: the rate. */
export function splitHost(
  assignments: readonly Assignment[],
  hostArguments: HostArguments,
  handed: ReadonlySet<Tensor>,
): HostSplit {
  const host = new Set<Tensor>(hostArguments.keys());
  const definitions = new Map<Tensor, Term>();
  const scalars = new Map<Tensor, Term>();
  const byText = new Map<string, Tensor>();
  const rest: Assignment[] = [];

  const expand = (term: Term): Term => {
    if (term.kind === "read") return definitions.get(term.tensor) ?? term;
    return term.kind === "apply" ? { ...term, arguments: term.arguments.map(expand) } : term;
  };
  const handOver = (term: Term): Term => {
    const expanded = expand(term);
    const text = printTerm(expanded);
    let tensor = byText.get(text);
    if (tensor === undefined) {
      const name = `host_${byText.size}`;
      tensor = {
        name,
        element: "float",
        shape: [],
        batched: false,
        role: { kind: "scalar", name },
        replaces: null,
      };
      byText.set(text, tensor);
      scalars.set(tensor, expanded);
    }
    return { kind: "read", tensor, at: [] };
  };
  const extract = (term: Term): Term => {
    if (term.kind === "number") return term;
    if (isHost(term, host)) return handOver(term);
    if (term.kind === "apply") return { ...term, arguments: term.arguments.map(extract) };
    if (term.kind === "reduced")
      return { kind: "reduced", reduction: { ...term.reduction, body: extract(term.reduction.body) } };
    return term;
  };

  for (const assignment of assignments) {
    if (isHostAssignment(assignment, host)) {
      host.add(assignment.target);
      const value = expand(assignment.value);
      definitions.set(assignment.target, value);
      if (handed.has(assignment.target)) scalars.set(assignment.target, value);
    } else rest.push(assignment);
  }
  const gathered = rest.map((assignment) => ({
    ...assignment,
    value: extract(gather(assignment.value, host)),
  }));
  return { assignments: gathered, scalars };
}

/** The statements that compute and store them. */
export function hostStatements(
  scalars: ReadonlyMap<Tensor, Term>,
  buffers: ReadonlyMap<Tensor, Buffer>,
  hostArguments: HostArguments,
): readonly Statement[] {
  const context = nestContext(buffers, scalarMachine);
  return [...scalars].map(([tensor, term]): Statement => {
    const value = numericOf(term, {
      context,
      lane: null,
      axes: new Map(),
      reduced: () => {
        throw new Error("the host reduces nothing");
      },
      held: (read): Numeric | null => {
        const name = hostArguments.get(read.tensor);
        return name === undefined ? null : { kind: "host", name };
      },
    });
    return {
      kind: "store",
      buffer: buffers.get(tensor)!,
      at: { kind: "literal", value: 0 },
      value,
      lanes: 1,
    };
  });
}
