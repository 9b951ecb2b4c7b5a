/** Owns walking and rewriting of nests: every buffer in them, found or replaced. */
import type { Buffer, Integer, Numeric, Statement } from "./loops.ts";

function* buffersInInteger(integer: Integer): Generator<Buffer> {
  switch (integer.kind) {
    case "sum":
      for (const term of integer.terms) yield* buffersInInteger(term);
      return;
    case "scaled":
    case "quotient":
    case "remainder":
      yield* buffersInInteger(integer.of);
      return;
    case "least":
    case "greatest":
      yield* buffersInInteger(integer.a);
      yield* buffersInInteger(integer.b);
      return;
    case "element":
      yield integer.buffer;
      yield* buffersInInteger(integer.at);
      return;
    default:
  }
}

function* buffersInNumeric(numeric: Numeric): Generator<Buffer> {
  switch (numeric.kind) {
    case "load":
      yield numeric.buffer;
      yield* buffersInInteger(numeric.at);
      return;
    case "splat":
      yield* buffersInNumeric(numeric.of);
      return;
    case "integer":
      yield* buffersInInteger(numeric.of);
      return;
    case "inside":
      yield* buffersInInteger(numeric.of);
      yield* buffersInInteger(numeric.extent);
      return;
    case "apply":
      for (const argument of numeric.arguments) yield* buffersInNumeric(argument);
      return;
    case "random":
      if (numeric.sample !== null) yield* buffersInInteger(numeric.sample);
      yield* buffersInInteger(numeric.element);
      return;
    default:
  }
}

/** Every buffer the statements touch, in order, as often as they do; the written one of a store first. */
export function* buffersIn(statements: readonly Statement[]): Generator<Buffer> {
  for (const statement of statements) {
    switch (statement.kind) {
      case "loop":
        yield* buffersInInteger(statement.from);
        yield* buffersInInteger(statement.to);
        yield* buffersIn(statement.body);
        break;
      case "define":
      case "declare":
      case "assign":
        yield* buffersInNumeric(statement.value);
        break;
      case "store":
        yield statement.buffer;
        yield* buffersInInteger(statement.at);
        yield* buffersInNumeric(statement.value);
        break;
      case "call":
        yield* statement.buffers;
        break;
      case "remark":
    }
  }
}

type Replace = (buffer: Buffer) => Buffer;

function integerWith(integer: Integer, replace: Replace): Integer {
  switch (integer.kind) {
    case "sum":
      return { kind: "sum", terms: integer.terms.map((term) => integerWith(term, replace)) };
    case "scaled":
      return { ...integer, of: integerWith(integer.of, replace) };
    case "quotient":
    case "remainder":
      return { ...integer, of: integerWith(integer.of, replace) };
    case "least":
    case "greatest":
      return { ...integer, a: integerWith(integer.a, replace), b: integerWith(integer.b, replace) };
    case "element":
      return { kind: "element", buffer: replace(integer.buffer), at: integerWith(integer.at, replace) };
    default:
      return integer;
  }
}

function numericWith(numeric: Numeric, replace: Replace): Numeric {
  const again = (inner: Numeric): Numeric => numericWith(inner, replace);
  switch (numeric.kind) {
    case "load":
      return { ...numeric, buffer: replace(numeric.buffer), at: integerWith(numeric.at, replace) };
    case "splat":
      return { kind: "splat", of: again(numeric.of) };
    case "integer":
      return { kind: "integer", of: integerWith(numeric.of, replace) };
    case "inside": {
      const extent = integerWith(numeric.extent, replace);
      return { kind: "inside", of: integerWith(numeric.of, replace), extent };
    }
    case "apply":
      return { ...numeric, arguments: numeric.arguments.map(again) };
    case "random": {
      const sample = numeric.sample === null ? null : integerWith(numeric.sample, replace);
      return { ...numeric, sample, element: integerWith(numeric.element, replace) };
    }
    default:
      return numeric;
  }
}

export function withBuffers(statements: readonly Statement[], replace: Replace): readonly Statement[] {
  return statements.map((statement): Statement => {
    switch (statement.kind) {
      case "loop":
        return {
          ...statement,
          from: integerWith(statement.from, replace),
          to: integerWith(statement.to, replace),
          body: withBuffers(statement.body, replace),
        };
      case "define":
      case "declare":
      case "assign":
        return { ...statement, value: numericWith(statement.value, replace) };
      case "store":
        return {
          ...statement,
          buffer: replace(statement.buffer),
          at: integerWith(statement.at, replace),
          value: numericWith(statement.value, replace),
        };
      case "remark":
        return statement;
      case "call":
        return { ...statement, buffers: statement.buffers.map(replace) };
    }
  });
}

/** Every numeric in the statements, outermost first. */
export function* numericsIn(statements: readonly Statement[]): Generator<Numeric> {
  const within = function* (numeric: Numeric): Generator<Numeric> {
    yield numeric;
    if (numeric.kind === "splat") yield* within(numeric.of);
    if (numeric.kind === "apply") for (const argument of numeric.arguments) yield* within(argument);
  };
  for (const statement of statements) {
    if (statement.kind === "loop") yield* numericsIn(statement.body);
    else if (statement.kind !== "call" && statement.kind !== "remark") yield* within(statement.value);
  }
}
