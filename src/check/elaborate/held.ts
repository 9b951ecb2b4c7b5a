/** Owns what layers hold: parameters and states, their names, sharing, and the updates of states. */
import { type Dimension, isLiteral, sameDimension, variesBySample } from "../../ir/dimension.ts";
import type { State } from "../../ir/network.ts";
import { type TensorType, floats, printShape, printType } from "../../ir/type.ts";
import {
  fittedInput,
  heldNotFloat,
  heldVaries,
  noSuchState,
  parameterClash,
  sharedUnfit,
  stateUnfit,
  updateInScan,
} from "../../report/catalogue/check.ts";
import { suggest } from "../../report/suggest.ts";
import type { Advance, Held as HeldStatement } from "../../syntax/ast.ts";
import { type Elaboration, type Held, type Scope, bind, complain, tell } from "./elaboration.ts";
import { evaluate } from "./expression.ts";
import { addArgument } from "./graph-builder.ts";
import { evaluateInitialNumber, evaluateInitializer } from "./initializer.ts";
import { tensor, unknown } from "../statics/meaning.ts";
import { applyFitting, tensorDue } from "./operations.ts";
import { evaluateShape } from "../shapes/shape.ts";

/** Declares a `param` or `state` of a layer or model; its name becomes a tensor. */
export function declareHeld(elaboration: Elaboration, scope: Scope, statement: HeldStatement): void {
  const value = held(elaboration, scope, statement);
  bind(
    elaboration,
    scope,
    statement.name.text,
    value === null ? unknown : tensor(value),
    statement.name.span,
  );
  if (value !== null)
    tell(
      elaboration,
      statement.name.span,
      statement.kind === "param" ? "parameter" : "state",
      printType(value.type),
    );
}

function nameOf(scope: Scope, name: string): string {
  return [scope.frame.path, ...scope.loops, name].filter((part) => part !== "").join(".");
}

function held(elaboration: Elaboration, scope: Scope, statement: HeldStatement): Held["value"] | null {
  const shape = heldShape(elaboration, scope, statement);
  if (shape === null) return null;
  const type = floats(shape);
  const name = nameOf(scope, statement.name.text);
  const known = elaboration.held.get(name);
  if (known !== undefined) return reuse(elaboration, scope, statement, name, known, type);
  const kind = statement.kind === "param" ? "param" : "state";
  if (!register(elaboration, scope, statement, name, type)) return null;
  const role = { kind: kind === "param" ? "parameter" : "state", name } as const;
  const value = addArgument(elaboration.graph, role, type, name);
  if (kind === "param") elaboration.declared.push(name);
  elaboration.held.set(name, {
    kind,
    span: statement.span,
    sharing: scope.sharing,
    frame: scope.frame,
    value,
  });
  return value;
}

/** The shape of what is held: floats, all sizes known. */
export function heldShape(
  elaboration: Elaboration,
  scope: Scope,
  statement: HeldStatement,
): readonly Dimension[] | null {
  if (statement.type.kind !== "shape") {
    complain(elaboration, scope, heldNotFloat.build({ span: statement.type.span, what: statement.kind }));
    return null;
  }
  const shape = evaluateShape(elaboration, scope, statement.type);
  if (shape !== null && statement.kind !== "collect" && !shape.every(isLiteral)) {
    complain(
      elaboration,
      scope,
      heldVaries.build({
        span: statement.type.span,
        what: statement.kind,
        shape: printShape(shape),
        bySample: shape.some(variesBySample),
      }),
    );
    return null;
  }
  return shape;
}

function reuse(
  elaboration: Elaboration,
  scope: Scope,
  statement: HeldStatement,
  name: string,
  known: Held,
  type: TensorType,
): Held["value"] | null {
  const { sharing } = scope;
  const places =
    known.frame === scope.frame
      ? { before: known.span, here: statement.span }
      : { before: known.frame.span, here: scope.frame.span };
  if (sharing === null || known.sharing === null || known.sharing.span !== sharing.span) {
    complain(elaboration, scope, parameterClash.build({ span: statement.span, name, ...places }));
    return null;
  }
  const before = known.value.type;
  const axis = before.shape.findIndex((dimension, place) => {
    const other = type.shape[place];
    return other === undefined || !sameDimension(dimension, other);
  });
  if (axis < 0 && before.shape.length === type.shape.length) return known.value;
  complain(
    elaboration,
    scope,
    sharedUnfit.build({
      span: scope.frame.span,
      share: sharing.name,
      shareSpan: sharing.span,
      parameter: name,
      fixed: printShape(before.shape),
      wanted: printShape(type.shape),
      first: known.frame.span,
    }),
  );
  return null;
}

/** Enters a new parameter or state in the model's list; the elaborations of one model share it. */
function register(
  elaboration: Elaboration,
  scope: Scope,
  statement: HeldStatement,
  name: string,
  type: TensorType,
): boolean {
  const sizes = type.shape.map((dimension) => dimension.constant);
  const { frame } = scope;
  const { registry } = elaboration;
  if (statement.kind === "param") {
    const initializer = evaluateInitializer(elaboration, scope, statement.value, sizes);
    if (initializer === null) return false;
    if (!registry.parameters.has(name))
      registry.parameters.set(name, { name, doc: statement.doc, type, initializer, frozen: false, frame });
    return true;
  }
  // In training an input may be augmented: what a state is fitted to was said in use.
  const known = registry.states.get(name);
  const fitted = known === undefined ? fittedStatistic(elaboration, scope, statement) : known.fitted;
  if (fitted === "wrong") return false;
  const initial =
    fitted === null
      ? evaluateInitialNumber(elaboration, scope, statement.value, sizes)
      : fitted.statistic === "mean"
        ? 0
        : 1;
  if (initial === null) return false;
  if (known === undefined) registry.states.set(name, { name, type, initial, frame, fitted });
  return true;
}

/**
 * `state center: [c] = fitted_mean(x)`: a statistic of an input over the training part, taken once before the first
 * step; all axes left of the state's own are averaged over.
 */
function fittedStatistic(
  elaboration: Elaboration,
  scope: Scope,
  statement: HeldStatement,
): State["fitted"] | "wrong" {
  const { value } = statement;
  if (value.kind !== "call" || value.callee.kind !== "name") return null;
  const { text } = value.callee.name;
  if (text !== "fitted_mean" && text !== "fitted_deviation") return null;
  const [argument] = value.arguments;
  const meaning = argument === undefined ? unknown : evaluate(elaboration, scope, argument.value);
  const source =
    meaning.kind === "tensor"
      ? elaboration.graph.arguments.find(({ value: other }) => other === meaning.value)
      : undefined;
  if (source?.role.kind !== "input") {
    if (meaning.kind !== "unknown" || argument === undefined)
      complain(
        elaboration,
        scope,
        fittedInput.build({ span: argument?.span ?? value.span, layer: scope.frame.layer }),
      );
    return "wrong";
  }
  return { input: source.role.name, statistic: text === "fitted_mean" ? "mean" : "deviation" };
}

/** `update v = …`: in training the state's new value, read from here on; in use nothing happens. */
export function updateState(elaboration: Elaboration, scope: Scope, statement: Advance): void {
  const name = nameOf(scope, statement.name.text);
  const known = elaboration.held.get(name);
  if (elaboration.recurrence !== null && known?.kind === "state") {
    const { span } = elaboration.recurrence;
    complain(
      elaboration,
      scope,
      updateInScan.build({ span: statement.span, name: statement.name.text, scan: span }),
    );
    return;
  }
  if (known?.kind !== "state") {
    if (scope.bindings.get(statement.name.text)?.meaning.kind === "unknown") return;
    const states = [...scope.bindings.keys()].filter(
      (other) => elaboration.held.get(nameOf(scope, other))?.kind === "state",
    );
    complain(
      elaboration,
      scope,
      noSuchState.build({
        span: statement.name.span,
        name: statement.name.text,
        suggestion: suggest(statement.name.text, states),
      }),
    );
    return;
  }
  if (!elaboration.training) return;
  const value = tensorDue(
    elaboration,
    scope,
    evaluate(elaboration, scope, statement.value),
    statement.value.span,
  );
  if (value === null) return;
  const { type } = known.value;
  const fits =
    value.type.shape.length === type.shape.length &&
    value.type.shape.every((dimension, axis) => sameDimension(dimension, type.shape[axis]!));
  if (!fits) {
    complain(
      elaboration,
      scope,
      stateUnfit.build({
        span: statement.value.span,
        name: statement.name.text,
        state: printType(type),
        found: printType(value.type),
        declared: known.span,
      }),
    );
    return;
  }
  // No gradient passes through a state.
  const stopped = applyFitting(elaboration, scope, "stop_gradient", [value], {}, statement.span);
  if (stopped === null) return;
  known.value = stopped;
  elaboration.updated.add(name);
  bind(elaboration, scope, statement.name.text, tensor(stopped), statement.name.span);
}
