/** Owns optimizers: their definitions elaborated over all parameters as one flat vector, or over each by itself. */
import type { IndexExpression, Scalar } from "../../ir/comprehension.ts";
import { type DimensionSymbol, sameDimension, symbolic } from "../../ir/dimension.ts";
import type { GraphFunction, Node, Value } from "../../ir/graph.ts";
import type { OptimizerGroup } from "../../ir/network.ts";
import { type TensorType, floats, printType, sameShape } from "../../ir/type.ts";
import {
  noReturn,
  noSuchState,
  notAnOptimizer,
  optimizerSignature,
  stateUnfit,
} from "../../report/catalogue/check.ts";
import { suggest } from "../../report/suggest.ts";
import type { Definition, Expression } from "../../syntax/ast.ts";
import { textOf } from "../../text/source.ts";
import { givenArguments, givenMeaning } from "../elaborate/arguments.ts";
import { calleeNamed, scheduleNow } from "../elaborate/call.ts";
import { callableNames } from "../elaborate/callable.ts";
import { type Elaboration, type Scope, bind, complain, noDuties } from "../elaborate/elaboration.ts";
import { evaluate } from "../elaborate/expression.ts";
import { type GraphResult, addArgument, cutFunction, emptyGraph } from "../elaborate/graph-builder.ts";
import { heldShape } from "../elaborate/held.ts";
import { evaluateInitialNumber } from "../elaborate/initializer.ts";
import { openDefinition } from "../elaborate/layer.ts";
import { type Given, tensor, unknown } from "../statics/meaning.ts";
import { applyFitting, tensorDue } from "../elaborate/operations.ts";
import type { FileScope } from "../program.ts";
import { isTensorType } from "../shapes/signature.ts";
import { runBlock } from "../elaborate/statement.ts";

/** A parameter as an optimizer sees it. */
export interface Moved {
  readonly name: string;
  readonly type: TensorType;
}

/** The optimizer of a `with` clause, over these parameters; null with a message. */
export function optimizerGroup(
  elaboration: Elaboration,
  scope: Scope,
  expression: Expression,
  moved: readonly Moved[],
  /** Whether rates fall when there is no progress. */
  eased = false,
): OptimizerGroup | null {
  const chosen = chosenOptimizer(elaboration, scope, expression);
  if (chosen === null) return null;
  const { definition } = chosen;
  const flat: DimensionSymbol = { kind: "parameters", name: "parameters", minimum: 1, maximum: null };
  const together = runOptimizer(elaboration, scope, chosen, floats([symbolic(flat)]), expression, eased);
  if (together === null) return null;
  const group = {
    optimizer: definition.name.text,
    parameters: moved.map(({ name }) => name),
    slots: together.slots,
  };
  if (isElementwise(together.function)) return { ...group, functions: [together.function], flat };
  const functions: GraphFunction[] = [];
  for (const { type } of moved) {
    const alone = runOptimizer(elaboration, scope, chosen, type, expression, eased);
    if (alone === null) return null;
    functions.push(alone.function);
  }
  return { ...group, functions, flat: null };
}

interface Chosen {
  readonly definition: Definition;
  readonly home: FileScope;
  readonly given: readonly Given[];
}

function chosenOptimizer(elaboration: Elaboration, scope: Scope, expression: Expression): Chosen | null {
  if (expression.kind === "missing") return null;
  const name =
    expression.kind === "name"
      ? expression.name
      : expression.kind === "call" && expression.callee.kind === "name"
        ? expression.callee.name
        : null;
  if (name === null) {
    complain(
      elaboration,
      scope,
      notAnOptimizer.build({ span: expression.span, found: textOf(expression.span), suggestion: null }),
    );
    return null;
  }
  const callee = calleeNamed(elaboration, scope, name, "optimizer");
  if (callee === null) return null;
  if (callee.kind !== "definition" || callee.definition.sort !== "optimizer") {
    const suggestion = suggest(name.text, callableNames(elaboration, scope));
    complain(elaboration, scope, notAnOptimizer.build({ span: name.span, found: name.text, suggestion }));
    return null;
  }
  const given = expression.kind === "call" ? givenArguments(elaboration, scope, expression.arguments) : [];
  return { definition: callee.definition, home: callee.home, given };
}

interface Ran {
  readonly function: GraphFunction;
  readonly slots: OptimizerGroup["slots"];
}

function runOptimizer(
  outer: Elaboration,
  scope: Scope,
  { definition, home, given }: Chosen,
  type: TensorType,
  expression: Expression,
  eased: boolean,
): Ran | null {
  const elaboration: Elaboration = {
    ...outer,
    graph: emptyGraph(),
    tables: null,
    held: new Map(),
    firstCalls: new Map(),
    updated: new Set(),
  };
  const { graph } = elaboration;
  const tensors = definition.parameters.filter((parameter) => isTensorType(parameter.type));
  if (tensors.length < 2) {
    complain(
      outer,
      scope,
      optimizerSignature.build({ span: definition.name.span, name: definition.name.text }),
    );
    return null;
  }
  const p = addArgument(graph, { kind: "moved" }, type, "p");
  const g = addArgument(graph, { kind: "gradient" }, type, "g");
  const step = addArgument(graph, { kind: "step" }, floats([]), "step");
  const total = addArgument(graph, { kind: "total" }, floats([]), "total");
  const clock = { step, total };
  const values = tensors.map(({ name }, place) =>
    place === 0 ? p : place === 1 ? g : name.text === "total" ? total : step,
  );
  const slots: { name: string; initial: number }[] = [];
  const current = new Map<string, Value>();
  const site = { span: expression.span, name: definition.name.text, path: "", sharing: null };
  const all = [...values.map((value) => givenMeaning(tensor(value), expression.span)), ...given];
  const opened = openDefinition(elaboration, { ...scope, clock }, { definition, home }, all, site, {
    ...noDuties,
    returns: true,
    hold: (statement, body) => {
      const { name } = statement;
      const shape = heldShape(elaboration, { ...body, sharing: null }, { ...statement, kind: "collect" });
      const initial = evaluateInitialNumber(elaboration, body, statement.value, []);
      if (shape === null || initial === null) return bind(elaboration, body, name.text, unknown, name.span);
      const value = addArgument(graph, { kind: "slot", name: name.text }, floats(shape), name.text);
      slots.push({ name: name.text, initial });
      current.set(name.text, value);
      bind(elaboration, body, name.text, tensor(value), name.span);
    },
    update: (statement, body) => {
      const { name } = statement;
      const before = current.get(name.text);
      if (before === undefined) {
        complain(
          elaboration,
          body,
          noSuchState.build({
            span: name.span,
            name: name.text,
            suggestion: suggest(name.text, current.keys()),
          }),
        );
        return;
      }
      const value = tensorDue(
        elaboration,
        body,
        evaluate(elaboration, body, statement.value),
        statement.value.span,
      );
      if (value === null) return;
      if (!sameShape(value.type.shape, before.type.shape)) {
        complain(
          elaboration,
          body,
          stateUnfit.build({
            span: statement.value.span,
            name: name.text,
            state: printType(before.type),
            found: printType(value.type),
            declared: name.span,
          }),
        );
        return;
      }
      current.set(name.text, value);
      bind(elaboration, body, name.text, tensor(value), name.span);
    },
  });
  if (opened === null) return null;
  const rate = bindSchedules(elaboration, opened, definition, expression, eased);
  const errors = elaboration.diagnostics.length;
  const returned = runBlock(elaboration, opened, definition.body);
  const result = returned === null ? null : tensorDue(elaboration, opened, returned, definition.name.span);
  if (result === null) {
    if (elaboration.diagnostics.length === errors && returned === null)
      complain(
        elaboration,
        opened,
        noReturn.build({ span: definition.name.span, name: definition.name.text }),
      );
    return null;
  }
  if (!sameShape(result.type.shape, type.shape)) {
    complain(
      elaboration,
      opened,
      stateUnfit.build({
        span: definition.name.span,
        name: tensors[0]!.name.text,
        state: printType(type),
        found: printType(result.type),
        declared: tensors[0]!.span,
      }),
    );
    return null;
  }
  const results: GraphResult[] = [
    { role: { kind: "moved" }, value: result },
    ...slots.map(({ name }) => ({ role: { kind: "slot", name } as const, value: current.get(name)! })),
    ...(rate === null ? [] : [{ role: { kind: "rate" } as const, value: rate }]),
  ];
  return { function: cutFunction(graph, definition.name.text, results, () => true), slots };
}

/** Schedules are run once, before the body reads them; the one called `rate`, or the first, is what reports show. */
function bindSchedules(
  elaboration: Elaboration,
  opened: Scope,
  definition: Definition,
  expression: Expression,
  eased: boolean,
): Value | null {
  const schedules = definition.parameters.flatMap(({ name }) => {
    const meaning = opened.bindings.get(name.text)?.meaning;
    return meaning?.kind === "schedule" ? [{ name, meaning }] : [];
  });
  const shown = schedules.find(({ name }) => name.text === "rate") ?? schedules[0];
  let rate: Value | null = null;
  for (const { name, meaning } of schedules) {
    const now = scheduleNow(elaboration, opened, meaning, expression.span);
    const planned = tensorDue(elaboration, opened, now, expression.span);
    const isRate = name === shown?.name;
    const value =
      planned !== null && isRate && eased ? easedRate(elaboration, opened, planned, expression) : planned;
    bind(elaboration, opened, name.text, value === null ? unknown : tensor(value), name.span);
    if (isRate) rate = value;
  }
  return rate;
}

/** The rate of a schedule times what the lack of progress has made of it. */
function easedRate(elaboration: Elaboration, scope: Scope, rate: Value, { span }: Expression): Value | null {
  const ease = addArgument(elaboration.graph, { kind: "ease" }, floats([]), "ease");
  return applyFitting(elaboration, scope, "multiply", [rate, ease], {}, span);
}

/** Whether every element is made of the elements at its own place, and of scalars. */
function isElementwise(fn: GraphFunction): boolean {
  return fn.nodes.every(isElementwiseNode);
}

function isElementwiseNode(node: Node): boolean {
  if (node.kind === "scan") return false;
  const { comprehension, result, operands } = node;
  const { domain, target, reducer, body } = comprehension;
  if (reducer !== null || domain.length !== result.type.shape.length || domain.length > 1) return false;
  const own = (at: readonly IndexExpression[], value: Value): boolean =>
    value.type.shape.length === 0 ||
    (at.length === target.length &&
      at.every((index, axis) => index.kind === "variable" && index.variable === domain[axis]) &&
      value.type.shape.every((dimension, axis) => sameDimension(dimension, result.type.shape[axis]!)));
  const plainBody = (scalar: Scalar): boolean => {
    switch (scalar.kind) {
      case "constant":
        return true;
      case "read":
        return own(scalar.at, operands[scalar.operand]!);
      case "apply":
        return scalar.arguments.every(plainBody);
      case "dimension":
      case "index":
      case "inside":
      case "random":
        return false;
    }
  };
  return plainBody(body);
}
