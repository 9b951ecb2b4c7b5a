/** Owns the printer of programs: one tree, one text. Reading that text again gives the same tree. */
import { printer } from "prettier/doc";
import type { SourceFile } from "./ast.ts";
import { attach } from "./layout/attachment.ts";
import { fileDoc } from "./layout/declarations.ts";
import { commentMark, type Page } from "./layout/page.ts";

const lineWidth = 120;

/**
 * The text of a program: 120 columns, two spaces. Comments and single blank lines between statements stay where they were
 * written; a tree that was made rather than read needs no source, its `source.text` is empty.
 */
export function format(file: SourceFile): string {
  const page: Page = {
    source: file.source.text === "" ? null : file.source,
    comments: file.comments,
    attachments: attach(file),
  };
  const { formatted } = printer.printDocToString(fileDoc(page, file), { printWidth: lineWidth, tabWidth: 2 });
  return withAlignedComments(formatted);
}

/** Comments at the ends of neighbouring lines begin in one column, two spaces behind the longest of the lines. */
function withAlignedComments(text: string): string {
  if (!text.includes(commentMark)) return text;
  const lines = text.split("\n").flatMap((whole) => {
    const [code = "", ...comments] = whole.split(commentMark);
    const indentation = /^ */.exec(code)![0];
    // Where several comments came to end one line, the last stays.
    const others = comments.slice(0, -1).map((comment) => indentation + comment.replace("///", "//"));
    const last = { code: code.trimEnd(), comment: comments[comments.length - 1] ?? "" };
    return [...others.map((each) => ({ code: each, comment: "" })), last];
  });
  const columns: number[] = [];
  for (let place = lines.length - 1; place >= 0; place -= 1) {
    const { code, comment } = lines[place]!;
    columns[place] = comment === "" ? 0 : Math.max(code.length + 2, columns[place + 1] ?? 0);
  }
  for (let place = 1; place < lines.length; place += 1) {
    if (lines[place]!.comment !== "") columns[place] = Math.max(columns[place]!, columns[place - 1]!);
  }
  return lines
    .map(({ code, comment }, place) => (comment === "" ? code : code.padEnd(columns[place]!) + comment))
    .join("\n");
}
