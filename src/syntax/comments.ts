/** Owns the comments of a file, and which of them document what follows. */
import type { IToken } from "chevrotain";
import type { Source } from "../text/source.ts";
import type { Comment } from "./ast.ts";

export function commentsOf(source: Source, tokens: readonly IToken[]): readonly Comment[] {
  return tokens.map((token) => {
    const documentation = token.tokenType.name === "DocumentationComment";
    return {
      documentation,
      text: token.image.slice(documentation ? 3 : 2),
      span: { source, start: token.startOffset, end: token.startOffset + token.image.length },
    };
  });
}

/** What one `///` line says. */
export function documentationLine(comment: Comment): string {
  return comment.text.replace(/^ /, "").trimEnd();
}

/**
 * The `///` lines directly before an offset: each alone on its line, none parted from the next, or from what follows, by
 * another line.
 */
export function documentationBefore(
  source: Source,
  comments: readonly Comment[],
  offset: number,
): readonly Comment[] {
  let end = endingBefore(comments, offset);
  let next = offset;
  const found: Comment[] = [];
  for (; end >= 0; end -= 1) {
    const comment = comments[end]!;
    const between = source.text.slice(comment.span.end, next);
    if (!comment.documentation || !/^[^\S\n\r]*(?:\r\n|\n|\r)[^\S\n\r]*$/.test(between)) break;
    if (!standsAlone(source, comment)) break;
    found.unshift(comment);
    next = comment.span.start;
  }
  return found;
}

/** Whether nothing but white space is before a comment on its line. */
export function standsAlone(source: Source, comment: Comment): boolean {
  for (let offset = comment.span.start - 1; offset >= 0; offset -= 1) {
    const character = source.text[offset]!;
    if (character === "\n" || character === "\r") return true;
    if (character.trim() !== "") return false;
  }
  return true;
}

/** The index of the last comment that ends at `offset` or before; -1 where none does. */
function endingBefore(comments: readonly Comment[], offset: number): number {
  let [low, high] = [0, comments.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (comments[middle]!.span.end <= offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
