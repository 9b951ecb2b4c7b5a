/** Owns how the concrete syntax tree is read: children by name, spans, and what stands in for what recovery left out. */
import type { CstNode, IToken } from "chevrotain";
import type { Span, Source } from "../../text/source.ts";
import type { Missing, Name } from "../ast.ts";

/** What building needs besides the tree. */
export interface Reading {
  readonly source: Source;
  /** The documentation directly before the token that begins at this offset. */
  documentation(offset: number): string | null;
}

export function nodesOf(node: CstNode, name: string): readonly CstNode[] {
  return (node.children[name] ?? []).filter((child): child is CstNode => "children" in child);
}

export function nodeOf(node: CstNode, name: string): CstNode | undefined {
  return nodesOf(node, name)[0];
}

export function tokensOf(node: CstNode, name: string): readonly IToken[] {
  return (node.children[name] ?? []).filter((child): child is IToken => "image" in child);
}

export function tokenOf(node: CstNode, name: string): IToken | undefined {
  return tokensOf(node, name)[0];
}

/** The span of a token or a node; empty, at the start of the file, for a node that recovery left without a token. */
export function spanOf(reading: Reading, element: CstNode | IToken): Span {
  const { startOffset, endOffset } =
    "image" in element ? element : (element.location ?? { startOffset: Number.NaN, endOffset: Number.NaN });
  const start = Number.isNaN(startOffset) ? 0 : startOffset;
  const end = endOffset === undefined || Number.isNaN(endOffset) ? start : Math.max(start, endOffset + 1);
  return { source: reading.source, start, end };
}

export function nameOf(reading: Reading, token: IToken): Name {
  return { text: token.image, span: spanOf(reading, token) };
}

export function namesOf(reading: Reading, node: CstNode | undefined): readonly Name[] {
  return node === undefined ? [] : tokensOf(node, "Name").map((token) => nameOf(reading, token));
}

/** Stands at the end of what was read of `node`. */
export function missingAfter(reading: Reading, node: CstNode): Missing {
  const { source, end } = spanOf(reading, node);
  return { kind: "missing", span: { source, start: end, end } };
}
