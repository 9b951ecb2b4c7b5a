/** Owns `augment` lines: what training sees in the place of a sample, drawn anew for each sample in each step. */
import { sameElement, sameShape, printType } from "../../ir/type.ts";
import type { Value } from "../../ir/graph.ts";
import { augmentForm, augmentHolds, augmentUnfit, unknownName } from "../../report/catalogue/check.ts";
import { suggest } from "../../report/suggest.ts";
import type { Expression, Name, Pipe, Recipe } from "../../syntax/ast.ts";
import { type Elaboration, type Scope, bind, complain } from "../elaborate/elaboration.ts";
import { evaluate } from "../elaborate/expression.ts";
import { tensorDue } from "../elaborate/operations.ts";
import { tensor } from "../statics/meaning.ts";

/** `image -> shift(2)`, or several ports that change alike. */
export interface Augmentation {
  readonly ports: readonly Name[];
  readonly pipe: Pipe;
}

/** The `augment` lines of a recipe, in order; those in another form are passed over with a message. */
export function augmentationsOf(elaboration: Elaboration, recipe: Recipe | null): readonly Augmentation[] {
  return (recipe?.settings ?? []).flatMap(({ key, value }) => {
    if (key.text !== "augment" || value.kind === "missing") return [];
    const ports = value.kind === "pipe" ? portsOf(value.input) : null;
    if (value.kind === "pipe" && ports !== null) return [{ ports, pipe: value }];
    complain(elaboration, null, augmentForm.build({ span: value.span }));
    return [];
  });
}

function portsOf(input: Expression): readonly Name[] | null {
  const items = input.kind === "list" ? input.items : [input];
  const names = items.flatMap((item) => (item.kind === "name" ? [item.name] : []));
  return names.length === items.length && names.length > 0 ? names : null;
}

/** Names that no port has. */
export function checkPorts(
  elaboration: Elaboration,
  augmentations: readonly Augmentation[],
  ports: readonly string[],
): void {
  for (const { span, text } of augmentations.flatMap((one) => one.ports)) {
    if (ports.includes(text)) continue;
    const facts = { name: text, what: "input or target", suggestion: suggest(text, ports) };
    complain(elaboration, null, unknownName.build({ span, ...facts }));
  }
}

/** What training sees of a port. Each port of a line is drawn for by itself from the same places: so they change alike. */
export function augmented(
  elaboration: Elaboration,
  scope: Scope,
  augmentations: readonly Augmentation[],
  port: Name,
  given: Value,
): Value {
  let value = given;
  for (const [line, { ports, pipe }] of augmentations.entries()) {
    const name = ports.find(({ text }) => text === port.text);
    if (name === undefined) continue;
    const registry = { ...elaboration.registry, parameters: new Map(), states: new Map() };
    const alone: Elaboration = { ...elaboration, registry, held: new Map(), declared: [], draws: new Map() };
    const bindings = new Map(scope.bindings);
    const inside: Scope = {
      ...scope,
      kind: "recipe",
      bindings,
      binding: `augment[${line}]`,
      statement: pipe.span,
    };
    bind(alone, inside, name.text, tensor(value), name.span);
    const input: Expression = { kind: "name", span: name.span, name };
    const made = tensorDue(alone, inside, evaluate(alone, inside, { ...pipe, input }), pipe.span);
    if (made === null) return given;
    const [path] = alone.held.keys();
    if (path !== undefined) {
      complain(elaboration, null, augmentHolds.build({ span: pipe.span, path }));
      return given;
    }
    if (
      !sameElement(made.type.element, given.type.element) ||
      !sameShape(made.type.shape, given.type.shape)
    ) {
      const facts = { port: name.text, due: printType(given.type), found: printType(made.type) };
      complain(elaboration, null, augmentUnfit.build({ span: pipe.span, ...facts, declared: port.span }));
      return given;
    }
    value = made;
  }
  return value;
}
