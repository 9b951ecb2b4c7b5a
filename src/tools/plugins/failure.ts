/** Owns how a program's errors reach whoever imported it: one error with its place and the lines it speaks of. */
import { relative } from "node:path";
import type { Diagnostic } from "../../report/diagnostic.ts";
import { renderOne, renderPretty } from "../../report/render.ts";
import { Problem } from "../problem.ts";
import { positionAt } from "../../text/source.ts";

/** As bundlers of Rollup's family take it. Lines count from 1, columns from 0. */
export interface Failure {
  readonly message: string;
  readonly id: string;
  readonly loc: { readonly file: string; readonly line: number; readonly column: number };
  /** The lines of the program, for all errors. */
  readonly frame: string;
  readonly plugin: "nnc";
}

/** Why a program gives no module: the first of its errors with its place; all of them in the frame. */
export function failureOf(path: string, diagnostics: readonly Diagnostic[]): Failure {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const [first] = errors;
  if (first === undefined) {
    const message = "the file holds no model, so there is nothing to import; other `.nn` files can import it";
    return { message, id: path, loc: { file: path, line: 1, column: 0 }, frame: "", plugin: "nnc" };
  }
  const { code, message, span } = first;
  const { line, column } = positionAt(span.source, span.start);
  const file = span.source.name;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
  return {
    message: `${code}: ${message}${more}`,
    id: file,
    loc: { file, line, column: column - 1 },
    frame: renderPretty(errors, { color: false }).trimEnd(),
    plugin: "nnc",
  };
}

/** With the upright that Vite's overlay knows a frame by. */
export function plainFrame(frame: string): string {
  return frame.replace(/^(\s*\d*\s*)│/gm, "$1|");
}

/** For those who show nothing but a message: the place, then the lines. */
export function failureText({ loc, message, frame }: Failure): string {
  return `${relative(process.cwd(), loc.file)}:${loc.line}:${loc.column + 1}: ${message}\n\n${frame}`;
}

/** An error that is shown by its message, without the plugin's own stack. */
export class ProgramError extends Error {
  /** Asks webpack and Rspack to leave the stack out. */
  readonly hideStack = true;

  constructor(message: string) {
    super(message);
    this.name = "ProgramError";
    this.stack = `${this.name}: ${message}`;
    // What Node would show after the message.
    Object.defineProperty(this, "hideStack", { enumerable: false });
  }
}

/** Passes on what a user can mend as its message alone. */
export function told(error: unknown): never {
  throw error instanceof Problem ? new ProgramError(error.message) : error;
}

export function warningText(diagnostic: Diagnostic): string {
  return renderOne(diagnostic, { color: false }).trimEnd();
}
