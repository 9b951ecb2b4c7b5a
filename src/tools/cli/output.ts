/** Owns what commands write to: the streams, whether they take colours, and how an error is said on them. */
import pc from "picocolors";
import { Problem } from "../problem.ts";

export interface Output {
  /** One line on standard output. */
  line(text: string): void;
  /** Text on standard output as it is. */
  text(text: string): void;
  /** One line on standard error. */
  note(text: string): void;
  readonly colors: ReturnType<typeof pc.createColors>;
  readonly errorColors: ReturnType<typeof pc.createColors>;
}

export function openOutput(): Output {
  const wants = (stream: NodeJS.WriteStream) =>
    process.env["NO_COLOR"] === undefined && (stream.isTTY || process.env["FORCE_COLOR"] !== undefined);
  // Whoever reads the output may stop reading: `nnc … | head`.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(0);
      throw error;
    });
  }
  return {
    line: (text) => void process.stdout.write(`${text}\n`),
    text: (text) => void process.stdout.write(text),
    note: (text) => void process.stderr.write(`${text}\n`),
    colors: pc.createColors(wants(process.stdout)),
    errorColors: pc.createColors(wants(process.stderr)),
  };
}

/** Says an error and gives the exit code. What is no `Problem` is the compiler's own mistake. */
export function report(error: unknown, output: Output): number {
  const { red, bold, cyan } = output.errorColors;
  if (error instanceof Problem) {
    output.note(`${bold(red("error"))}${bold(`: ${error.message}`)}`);
    if (error.help !== undefined) output.note(`  ${cyan("help")}: ${error.help}`);
    return error.exitCode;
  }
  output.note(`${bold(red("internal error"))}: ${error instanceof Error ? error.message : String(error)}`);
  output.note("  This is a mistake in nnc, not in your program. NNC_TRACE=1 shows where; please report it.");
  if (process.env["NNC_TRACE"] !== undefined && error instanceof Error) output.note(error.stack ?? "");
  return 2;
}
