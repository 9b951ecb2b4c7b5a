/**
 * Owns names in text that nothing elaborates: layers that nobody calls, branches that are not chosen. It knows less
 * than elaboration does (every name that a body binds anywhere counts as bound), so what it reports is certain.
 */
import { libraryIndex } from "../../library/table.generated.ts";
import { operations } from "../../ops/index.ts";
import { unknownName } from "../../report/catalogue/check.ts";
import type { Diagnostic } from "../../report/diagnostic.ts";
import { suggest } from "../../report/suggest.ts";
import type {
  Argument,
  Block,
  Call,
  Expression,
  Name,
  Parameter,
  Stage,
  Statement,
  Type,
} from "../../syntax/ast.ts";
import type { Span } from "../../text/source.ts";
import { staticFunctions } from "../statics/arithmetic.ts";
import { builtins } from "../elaborate/builtin.ts";
import { reducers } from "../elaborate/equation.ts";
import { blocksOf, expressionsOf, expressionsWithin, freeNames } from "../elaborate/children.ts";
import { initializerNames } from "../elaborate/initializer.ts";
import { expectedBy } from "../statics/option.ts";
import type { FileScope, Program } from "../program.ts";
import { namesMadeBy } from "../elaborate/statement.ts";

/** Names with a meaning of their own beside those of files and bodies. */
const everywhere = ["batch", "training", "pi", "fitted_mean", "fitted_deviation"];

/** Adds a message for each unknown name that elaboration did not meet, one a name and body. */
export function resolveNames(program: Program, diagnostics: Diagnostic[]): void {
  for (const file of program.files) {
    for (const declaration of file.file.declarations) {
      if (declaration.kind !== "definition" && declaration.kind !== "model") continue;
      const seen = new Set(reportedWithin(declaration.span, diagnostics));
      const body = bodyOf(program, file, declaration.parameters, declaration.body);
      for (const { name, what } of unknownIn(body, declaration.body)) {
        if (seen.has(name.text)) continue;
        seen.add(name.text);
        const candidates = what === "layer" ? body.callables : body.values;
        const suggestion = suggest(name.text, candidates);
        diagnostics.push(unknownName.build({ span: name.span, name: name.text, what, suggestion }));
      }
    }
  }
}

/** What messages about this text already complain of. */
function reportedWithin(span: Span, diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics
    .filter(
      (other) =>
        other.span.source === span.source && other.span.start >= span.start && other.span.end <= span.end,
    )
    .map(({ span: at }) => at.source.text.slice(at.start, at.end));
}

interface Body {
  readonly program: Program;
  readonly file: FileScope;
  readonly values: ReadonlySet<string>;
  readonly callables: ReadonlySet<string>;
}

function bodyOf(program: Program, file: FileScope, parameters: readonly Parameter[], block: Block): Body {
  const bound = block.statements.flatMap(boundBy);
  const own = parameters.flatMap(({ name, type }) => [name.text, ...namesOfType(type)]);
  return {
    program,
    file,
    values: new Set([...own, ...bound, ...file.constants.keys(), ...file.promised, ...everywhere]),
    callables: new Set([
      ...own,
      ...bound,
      ...file.definitions.keys(),
      ...file.promised,
      ...libraryIndex.keys(),
      ...operations.keys(),
      ...staticFunctions,
      ...builtins,
      ...initializerNames,
      ...everywhere,
    ]),
  };
}

/** Names that a statement binds, its loop variables and indices included. */
function boundBy(statement: Statement): readonly string[] {
  const inner = blocksOf(statement).flatMap((block) => block.statements.flatMap(boundBy));
  const own = namesMadeBy(statement);
  if (statement.kind === "for" || statement.kind === "scan")
    return [statement.variable.text, ...own, ...inner];
  if (statement.kind === "entry") {
    const { parameters } = statement;
    return [...own, ...parameters.flatMap(({ name, type }) => [name.text, ...lengthsOfType(type)]), ...inner];
  }
  if (statement.kind === "input" || statement.kind === "target")
    return [...own, ...lengthsOfType(statement.type), ...inner];
  if (statement.kind === "equation")
    return [...own, ...statement.indices.flatMap(freeNames), ...indicesOf(statement.value)];
  return [...own, ...inner];
}

/** The indices that reducers declare with `over:`. */
function indicesOf(expression: Expression): readonly string[] {
  const inner = expressionsWithin(expression).flatMap(indicesOf);
  if (expression.kind !== "call") return inner;
  const over = expression.arguments.filter(({ label }) => label?.text === "over");
  // Where `over:` was forgotten, that is what is said, and not that its indices are unknown.
  const forgotten = over.length === 0 && isReducer(expression);
  if (forgotten) return [...expression.arguments.flatMap(({ value }) => freeNames(value)), ...inner];
  return [...over.flatMap(({ value }) => freeNames(value)), ...inner];
}

function isReducer({ callee }: Call): boolean {
  return callee.kind === "name" && reducers.has(callee.name.text);
}

/** The names of lengths that the type of a port declares, as `time` of `[5 <= time <= 256]`. */
function lengthsOfType(type: Type): readonly string[] {
  const shape = type.kind === "index" ? type.shape : type;
  if (shape?.kind !== "shape") return [];
  return shape.dimensions.filter(({ kind }) => kind === "comparison").flatMap(freeNames);
}

/** The names of dimensions that a signature binds. */
function namesOfType(type: Type): readonly string[] {
  switch (type.kind) {
    case "shape":
      return type.dimensions.flatMap(freeNames);
    case "index":
      return [...freeNames(type.size), ...(type.shape === null ? [] : namesOfType(type.shape))];
    case "union":
      return type.options.flatMap(namesOfType);
    case "layerType":
      return [...type.tensors, type.result].flatMap(namesOfType);
    case "named":
      return [];
  }
}

interface Unknown {
  readonly name: Name;
  readonly what: "value" | "layer";
}

function unknownIn(body: Body, block: Block): readonly Unknown[] {
  return block.statements.flatMap((statement) => [
    ...(statement.kind === "share" ? unknownInStages(body, statement.stages) : []),
    ...(statement.kind === "scan" || statement.kind === "entry" || statement.kind === "share"
      ? []
      : expressionsOf(statement).flatMap((expression) => unknownWithin(body, expression))),
    ...(statement.kind === "scan" ? [] : blocksOf(statement).flatMap((inner) => unknownIn(body, inner))),
  ]);
}

function unknownWithin(body: Body, expression: Expression): readonly Unknown[] {
  switch (expression.kind) {
    case "name":
      return body.values.has(expression.name.text) || body.callables.has(expression.name.text)
        ? []
        : [{ name: expression.name, what: "value" }];
    case "call": {
      if (expression.callee.kind !== "name") return [];
      const { name } = expression.callee;
      return [...unknownCallee(body, name), ...unknownArguments(body, name, expression.arguments)];
    }
    case "pipe":
      return [...unknownWithin(body, expression.input), ...unknownInStages(body, expression.stages)];
    // Beside a comparison a bare name may be a word.
    case "comparison":
      return expression.operands.flatMap((part) => (part.kind === "name" ? [] : unknownWithin(body, part)));
    default:
      return expressionsWithin(expression).flatMap((part) => unknownWithin(body, part));
  }
}

function unknownInStages(body: Body, stages: readonly Stage[]): readonly Unknown[] {
  return stages.flatMap(({ callee, arguments: list }) => [
    ...unknownCallee(body, callee),
    ...unknownArguments(body, callee, list ?? []),
  ]);
}

function unknownCallee(body: Body, name: Name): readonly Unknown[] {
  return body.callables.has(name.text) ? [] : [{ name, what: "layer" }];
}

/** A bare name may be one of the words that the callee's option lists; of an unknown callee nothing is known. */
function unknownArguments(body: Body, callee: Name, list: readonly Argument[]): readonly Unknown[] {
  const definition =
    body.file.definitions.get(callee.text)?.declaration ??
    body.program.libraryDefinition(callee.text)?.definition;
  if (definition === undefined && !body.callables.has(callee.text)) return [];
  const words = new Set(definition?.parameters.flatMap(({ type }) => expectedBy(type).words) ?? []);
  return list.flatMap(({ value }) =>
    value.kind === "name" && words.has(value.name.text) ? [] : unknownWithin(body, value),
  );
}
