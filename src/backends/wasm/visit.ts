/** Owns what a statement touches: every place in memory that it reads or writes itself, outside of inner loops. */
import type { Buffer, Integer, Numeric, Statement } from "../../ir/loops.ts";

export interface Touch {
  readonly buffer: Buffer;
  readonly at: Integer;
  /** Only touched where a condition holds, so that its place may be computed but nothing on the way may be read. */
  readonly guarded: boolean;
}

/** Of a loop: what its bounds read. */
export function touchesOf(statement: Statement): readonly Touch[] {
  const touches: Touch[] = [];
  switch (statement.kind) {
    case "loop":
      visitInteger(statement.from, false, touches);
      visitInteger(statement.to, false, touches);
      break;
    case "define":
    case "declare":
    case "assign":
      visitNumeric(statement.value, false, touches);
      break;
    case "store":
      visitNumeric(statement.value, false, touches);
      visitInteger(statement.at, false, touches);
      touches.push({ buffer: statement.buffer, at: statement.at, guarded: false });
      break;
    case "remark":
    case "call":
      break;
  }
  return touches;
}

function visitNumeric(numeric: Numeric, guarded: boolean, touches: Touch[]): void {
  switch (numeric.kind) {
    case "load":
      visitInteger(numeric.at, guarded, touches);
      touches.push({ buffer: numeric.buffer, at: numeric.at, guarded });
      return;
    case "splat":
      return visitNumeric(numeric.of, guarded, touches);
    case "integer":
      return visitInteger(numeric.of, guarded, touches);
    case "inside":
      visitInteger(numeric.of, guarded, touches);
      return visitInteger(numeric.extent, guarded, touches);
    case "apply":
      numeric.arguments.forEach((argument, place) =>
        visitNumeric(argument, guarded || (numeric.function === "select" && place > 0), touches),
      );
      return;
    case "random":
      if (numeric.sample !== null) visitInteger(numeric.sample, guarded, touches);
      return visitInteger(numeric.element, guarded, touches);
    case "number":
    case "local":
    case "host":
      return;
  }
}

function visitInteger(integer: Integer, guarded: boolean, touches: Touch[]): void {
  switch (integer.kind) {
    case "sum":
      return integer.terms.forEach((term) => visitInteger(term, guarded, touches));
    case "scaled":
    case "quotient":
    case "remainder":
      return visitInteger(integer.of, guarded, touches);
    case "least":
    case "greatest":
      visitInteger(integer.a, guarded, touches);
      return visitInteger(integer.b, guarded, touches);
    case "element":
      visitInteger(integer.at, guarded, touches);
      touches.push({ buffer: integer.buffer, at: integer.at, guarded });
      return;
    case "literal":
    case "variable":
    case "count":
      return;
  }
}

/** Whether anything beneath is drawn at random, calls followed. */
export function draws(body: readonly Statement[]): boolean {
  return body.some((statement) => {
    switch (statement.kind) {
      case "loop":
        return draws(statement.body);
      case "call":
        return draws(statement.kernel.body);
      case "remark":
        return false;
      case "define":
      case "declare":
      case "assign":
      case "store":
        return drawsWithin(statement.value);
    }
  });
}

function drawsWithin(numeric: Numeric): boolean {
  switch (numeric.kind) {
    case "random":
      return true;
    case "splat":
      return drawsWithin(numeric.of);
    case "apply":
      return numeric.arguments.some(drawsWithin);
    default:
      return false;
  }
}

/** Whether the body may change a buffer of indices, calls included: then none is read before its turn. */
export function writesIndices(body: readonly Statement[]): boolean {
  return body.some((statement) => {
    switch (statement.kind) {
      case "loop":
        return writesIndices(statement.body);
      case "store":
        return statement.buffer.element === "index";
      case "call":
        return writesIndices(statement.kernel.body);
      default:
        return false;
    }
  });
}
