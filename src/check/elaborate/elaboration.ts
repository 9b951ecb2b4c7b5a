/** Owns the state of one elaboration: the graph that grows, what was declared, what was found wrong, and scopes. */
import type { Comprehension } from "../../ir/comprehension.ts";
import type { DeclaredSymbol, Dimension, DimensionSymbol } from "../../ir/dimension.ts";
import type { Frame } from "../../ir/frame.ts";
import type { Value } from "../../ir/graph.ts";
import type { Constant as Table, LayerSummary, Parameter, State } from "../../ir/network.ts";
import { type TensorType, floats } from "../../ir/type.ts";
import { tooLarge } from "../../report/catalogue/check.ts";
import type { Diagnostic } from "../../report/diagnostic.ts";
import type {
  Advance,
  Block,
  Call,
  Constant,
  Entry,
  Held as HeldStatement,
  Loss,
  Output,
  Port,
  Stage,
} from "../../syntax/ast.ts";
import type { Span } from "../../text/source.ts";
import { type GraphBuilder, addNode, nameValue } from "./graph-builder.ts";
import type { Meaning, Sharing } from "../statics/meaning.ts";
import { callLabels } from "../names/naming.ts";
import type { FileScope, Program } from "../program.ts";

/** What a span of the user's text turned out to be: for `--emit facts`, the summary and editors. */
export interface Fact {
  readonly span: Span;
  readonly kind:
    "input" | "target" | "constant" | "binding" | "stage" | "call" | "parameter" | "state" | "dimension";
  /** As `float[batch, 64]`. */
  readonly text: string;
}

/** A parameter or state as this elaboration declared it. */
export interface Held {
  readonly kind: "param" | "state";
  readonly span: Span;
  readonly sharing: Sharing | null;
  /** The call that declared it first. */
  readonly frame: Frame;
  value: Value;
}

/** What the elaborations of one model share. */
export interface Registry {
  readonly parameters: Map<string, Parameter>;
  readonly states: Map<string, State>;
  /** Numbers of random draws by their place in the program. */
  readonly streams: Map<string, number>;
  /** Lengths that vary, by the place where they are declared. */
  readonly lengths: Map<string, DeclaredSymbol>;
}

export interface Elaboration {
  readonly program: Program;
  readonly training: boolean;
  readonly graph: GraphBuilder;
  /** The recurrence whose step is elaborated; null outside of all. */
  readonly recurrence: Recurrence | null;
  readonly registry: Registry;
  readonly batch: DimensionSymbol;
  /** Of this elaboration, by full name. */
  readonly held: Map<string, Held>;
  /** What the tensors of a shared layer's first call were, by the layer's path. */
  readonly firstCalls: Map<string, readonly TensorType[]>;
  /** States that an `update` changed, by full name. */
  readonly updated: Set<string>;
  /** Names of parameters in the order they were declared. */
  readonly declared: string[];
  /** Calls and rounds of loops so far: beyond a bound the program is a mistake, not a network. */
  readonly spent: { steps: number };
  /** How often each place has drawn in this elaboration. */
  readonly draws: Map<string, number>;
  readonly constants: Map<Constant, Meaning>;
  /** Tables of the network by what they hold; null in functions that read none. */
  readonly tables: Map<string, Table> | null;
  readonly labels: Map<Block, ReadonlyMap<Stage | Call, string>>;
  readonly layers: LayerSummary[];
  readonly facts: Fact[];
  readonly diagnostics: Diagnostic[];
}

/** A `scan` while its step is elaborated. */
export interface Recurrence {
  /** The one around it. */
  readonly outer: Recurrence | null;
  readonly span: Span;
  /** Which step it is: an index of rank 0. Values with smaller numbers were made before the scan began. */
  readonly place: Value;
  readonly steps: Dimension;
  /** What the steps take apart so far. */
  readonly sequences: { readonly outer: Value; readonly axis: number; readonly inner: Value }[];
}

export interface Bound {
  readonly meaning: Meaning;
  readonly span: Span;
  /** The words that may stand for it, where it is an option that lists some. */
  readonly words?: readonly string[];
}

/** What a body may hold; statements elsewhere are errors. */
export type BodyKind =
  "model" | "entry" | "layer" | "metric" | "optimizer" | "schedule" | "recipe" | "constant" | "scan";

export interface Scope {
  readonly file: FileScope;
  readonly kind: BodyKind;
  readonly frame: Frame;
  readonly bindings: Map<string, Bound>;
  /** Names of calls in this body, for the paths of parameters. */
  readonly labels: ReadonlyMap<Stage | Call, string>;
  /** The `share` under which this body runs. */
  readonly sharing: Sharing | null;
  /** What `...` of the signature stands for. */
  ellipsis: readonly Dimension[] | null;
  /** Loops being written out, as `stage[1]`, outermost first. */
  loops: readonly string[];
  /** The binding being made. */
  binding: string;
  /** The statement being run. */
  statement: Span | null;
  /** Of optimizers and schedules: steps done, and steps in all. */
  readonly clock: { readonly step: Value; readonly total: Value } | null;
  /** What statements that only some bodies hold (`input`, `collect`, `state` …) do; null where they may not stand. */
  readonly duties: Duties;
}

/** Reactions of a body to the statements that differ from body to body. */
export interface Duties {
  readonly port: ((statement: Port, scope: Scope) => void) | null;
  readonly output: ((statement: Output, scope: Scope) => void) | null;
  readonly score: ((statement: Loss, scope: Scope) => void) | null;
  readonly entry: ((statement: Entry, scope: Scope) => void) | null;
  readonly collect: ((statement: HeldStatement, scope: Scope) => void) | null;
  readonly carry: ((statement: HeldStatement, scope: Scope) => void) | null;
  readonly next: ((statement: Advance, scope: Scope) => void) | null;
  /** Declares a `param` or `state` and gives its value. */
  readonly hold: ((statement: HeldStatement, scope: Scope) => void) | null;
  readonly update: ((statement: Advance, scope: Scope) => void) | null;
  /** Whether `return` is evaluated, stands for nothing, or may not stand. */
  readonly returns: boolean;
}

export const noDuties: Duties = {
  port: null,
  output: null,
  score: null,
  entry: null,
  collect: null,
  carry: null,
  next: null,
  hold: null,
  update: null,
  returns: false,
};

/** Who asks for a node: within a model's own body the statement, elsewhere the call of the layer. */
export function nodeFrame({ frame, statement }: Scope): Frame {
  if (frame.parent !== null || statement === null) return frame;
  return { ...frame, span: statement, parent: frame };
}

/** The labels of a body's calls, worked out once. */
export function labelsOf(elaboration: Elaboration, body: Block): ReadonlyMap<Stage | Call, string> {
  const known = elaboration.labels.get(body);
  if (known !== undefined) return known;
  const labels = callLabels(body);
  elaboration.labels.set(body, labels);
  return labels;
}

/** The place of a call in the names of parameters: loops, binding, call. */
export function pathOf(scope: Scope, label: string): string {
  return [scope.frame.path, ...scope.loops, scope.binding, label].filter((part) => part !== "").join(".");
}

export function bind(
  elaboration: Elaboration,
  scope: Scope,
  name: string,
  meaning: Meaning,
  span: Span,
): void {
  scope.bindings.set(name, { meaning, span });
  if (meaning.kind === "tensor") nameValue(elaboration.graph, meaning.value, name);
}

/** A scalar constant as a node. */
export function constantNode(elaboration: Elaboration, frame: Frame, value: number): Value {
  const comprehension: Comprehension = {
    domain: [],
    target: [],
    reducer: null,
    body: { kind: "constant", value },
  };
  return addNode(elaboration.graph, "constant", [], { type: floats([]), comprehension }, frame);
}

/** A dimension as a scalar node, as the number of samples in a mean. */
export function dimensionNode(elaboration: Elaboration, frame: Frame, dimension: Dimension): Value {
  const comprehension: Comprehension = {
    domain: [],
    target: [],
    reducer: null,
    body: { kind: "dimension", dimension },
  };
  return addNode(elaboration.graph, "size", [], { type: floats([]), comprehension }, frame);
}

/** Facts are told of the user's own text, once. */
export function tell(elaboration: Elaboration, span: Span, kind: Fact["kind"], text: string): void {
  if (elaboration.training || elaboration.program.isLibrary(span.source)) return;
  elaboration.facts.push({ span, kind, text });
}

/**
 * Reports a mistake. Where it stands in the library, the user's call comes first and the library's line second; a
 * place is complained about once, however often it is elaborated.
 */
export function complain(elaboration: Elaboration, scope: Scope | null, diagnostic: Diagnostic): void {
  const placed = scope === null ? diagnostic : atTheUsersCall(elaboration.program, scope.frame, diagnostic);
  const known = elaboration.diagnostics.some(
    ({ code, span }) =>
      code === placed.code &&
      span.source === placed.span.source &&
      span.start === placed.span.start &&
      span.end === placed.span.end,
  );
  if (!known) elaboration.diagnostics.push(placed);
}

function atTheUsersCall(program: Program, frame: Frame, diagnostic: Diagnostic): Diagnostic {
  const callers: Frame[] = [];
  for (let at: Frame | null = frame; at !== null && at.parent !== null; at = at.parent) callers.push(at);
  if (!program.isLibrary(diagnostic.span.source)) {
    const calls = callers
      .filter((caller) => !program.isLibrary(caller.span.source) && !sameSpan(caller.span, diagnostic.span))
      .slice(0, 2)
      .map((caller) => ({ span: caller.span, message: `in this call of \`${caller.layer}\`` }));
    return { ...diagnostic, related: withoutLibrary(program, [...diagnostic.related, ...calls]) };
  }
  const call = callers.find((caller) => !program.isLibrary(caller.span.source));
  if (call === undefined) return diagnostic;
  const { label, ...rest } = diagnostic;
  return {
    ...rest,
    span: call.span,
    label: `in this call of \`${call.layer}\``,
    related: [
      ...withoutLibrary(program, diagnostic.related),
      { span: diagnostic.span, message: label ?? "here, in the library" },
    ],
  };
}

/** Each place once, and only places in files of the user. */
function withoutLibrary(program: Program, related: Diagnostic["related"]): Diagnostic["related"] {
  return related.filter(
    ({ span }, place) =>
      !program.isLibrary(span.source) && related.findIndex((other) => sameSpan(other.span, span)) === place,
  );
}

function sameSpan(a: Span, b: Span): boolean {
  return a.source === b.source && a.start === b.start && a.end === b.end;
}

/** Calls and rounds of loops that one elaboration may take. */
const mostSteps = 100_000;

/** Counts a call or a round of a loop; false, with a message, once there are too many. */
export function spend(elaboration: Elaboration, scope: Scope, span: Span): boolean {
  const { spent } = elaboration;
  spent.steps += 1;
  if (spent.steps === mostSteps + 1) complain(elaboration, scope, tooLarge.build({ span, limit: mostSteps }));
  return spent.steps <= mostSteps;
}
