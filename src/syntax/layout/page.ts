/** Owns what every layout needs: comments beside what they belong to, lists that break, and blank lines kept. */
import { builders } from "prettier/doc";
import type { Source, Span } from "../../text/source.ts";
import type { Comment } from "../ast.ts";
import type { Attached, Attachments } from "./attachment.ts";

export type Doc = builders.Doc;
const { breakParent, group, hardline, indent, join, line, lineSuffix, softline } = builders;

/** A file being laid out. `source` is null for a tree that was made, not read. */
export interface Page {
  readonly source: Source | null;
  readonly comments: readonly Comment[];
  readonly attachments: Attachments;
}

/** Parts the text of a line from its comment, until the comments of neighbouring lines are aligned. */
export const commentMark = "\0";

const none: Attached = { before: [], after: [], opening: [], closing: [] };

export function attachedTo(page: Page, node: object): Attached {
  return page.attachments.get(node) ?? none;
}

export function commentText(comment: Comment): string {
  return `${comment.documentation ? "///" : "//"}${comment.text}`.trimEnd();
}

/** Comments at the end of the line that is being written. */
export function trailing(comments: readonly Comment[]): Doc {
  return comments.map((comment) => [lineSuffix(`${commentMark}${commentText(comment)}`), breakParent]);
}

/** A part of an expression or a list, with its comments. */
export function withComments(page: Page, node: object, doc: Doc): Doc {
  const { before, after } = attachedTo(page, node);
  if (before.length === 0 && after.length === 0) return doc;
  return [before.map((comment) => [commentText(comment), hardline]), doc, trailing(after)];
}

/** `(a, b)`: on one line, or each on its own. */
export function listed(open: string, items: readonly Doc[], close: string): Doc {
  if (items.length === 0) return [open, close];
  return group([open, indent([softline, join([",", line], [...items])]), softline, close]);
}

/** One line, or a few, of a body: its text with everything before it, and from where to where it was written. */
export interface Row {
  readonly doc: Doc;
  readonly start: number;
  readonly end: number;
}

export function commentRow(comment: Comment): Row {
  return { doc: commentText(comment), start: comment.span.start, end: comment.span.end };
}

/** Rows under each other; where a blank line, or several, stood between two, one stays. */
export function stacked(page: Page, rows: readonly Row[], spacing: "kept" | "spread" = "kept"): Doc {
  return rows.map((row, place) => {
    const previous = rows[place - 1];
    if (previous === undefined) return row.doc;
    const blank =
      page.source === null ? spacing === "spread" : hasBlankLine(page.source, previous.end, row.start);
    return [hardline, blank ? hardline : "", row.doc];
  });
}

/** A row with its comments: those before it are rows of their own. */
export function rowsOf(page: Page, node: { readonly span: Span }, start: number, doc: Doc): readonly Row[] {
  const { before, after } = attachedTo(page, node);
  const end = after[after.length - 1]?.span.end ?? node.span.end;
  return [...before.map(commentRow), { doc: [doc, trailing(after)], start, end }];
}

function hasBlankLine(source: Source, start: number, end: number): boolean {
  return /\n[^\S\n]*\r?\n/.test(source.text.slice(start, end));
}
