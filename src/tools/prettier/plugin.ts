/** Owns the prettier plugin: `prettier --plugin nnc/prettier`, on the compiler's own parser and printer. */
import type { AstPath, Parser, Plugin, Printer, SupportLanguage } from "prettier";
import { doc } from "prettier";
import { format } from "../../syntax/format.ts";
import type { SourceFile } from "../../syntax/ast.ts";
import { parse } from "../../syntax/parse.ts";
import { positionAt } from "../../text/source.ts";

export const languages: SupportLanguage[] = [
  { name: "nn", parsers: ["nn"], extensions: [".nn"], vscodeLanguageIds: ["nn"] },
];

/** A tree in a wrapping: prettier would place the comments of a bare one itself, and the printer does that. */
interface Program {
  readonly file: SourceFile;
}

/** What prettier shows as a code frame. */
class Unreadable extends SyntaxError {
  readonly loc: { readonly start: { readonly line: number; readonly column: number } };

  constructor(message: string, line: number, column: number) {
    super(message);
    this.loc = { start: { line, column } };
  }
}

const parser: Parser<Program> = {
  astFormat: "nn",
  parse(text, options) {
    const source = { name: options.filepath ?? "program.nn", text };
    const { file, diagnostics } = parse(source);
    const mistake = diagnostics.find(({ severity }) => severity === "error");
    if (mistake === undefined) return { file };
    const { line, column } = positionAt(source, mistake.span.start);
    throw new Unreadable(`${mistake.code}: ${mistake.message}`, line, column);
  },
  locStart: ({ file }) => file.span.start,
  locEnd: ({ file }) => file.span.end,
};

/** There is one form: widths and indentations that are set for other languages mean nothing here. */
const printer: Printer<Program> = {
  print: (path: AstPath<Program>) =>
    doc.builders.join(doc.builders.literalline, format(path.node.file).split("\n")),
};

export const parsers: Plugin<Program>["parsers"] = { nn: parser };
export const printers: Plugin<Program>["printers"] = { nn: printer };

export default { languages, parsers, printers } satisfies Plugin<Program>;
