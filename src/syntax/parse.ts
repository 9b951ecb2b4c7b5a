/** Owns reading: from text to a syntax tree and everything that is wrong with how the text is written. */
import type { CstNode } from "chevrotain";
import { arrange } from "../../grammar/arrangement.ts";
import { Grammar } from "../../grammar/parser.ts";
import { tokenize } from "../../grammar/tokens.ts";
import type { Diagnostic } from "../report/diagnostic.ts";
import { emptyFile, notText } from "../report/catalogue/syntax.ts";
import type { Source, Span } from "../text/source.ts";
import type { SourceFile } from "./ast.ts";
import { declarations } from "./build/declarations.ts";
import { commentsOf, documentationBefore, documentationLine } from "./comments.ts";
import { bracketDiagnostics, grammarDiagnostics, tokenDiagnostics, withoutEchoes } from "./mistakes.ts";

/** Analysed once; between two files it holds nothing. */
const grammar = new Grammar({ validated: false });

/** A token or a comment, as `--emit tokens` shows it. */
export interface Token {
  readonly type: string;
  readonly text: string;
  readonly span: Span;
}

/** The tokens and comments of a source, in order. */
export function lex(source: Source): readonly Token[] {
  const { tokens, comments } = tokenize(source.text);
  return [...tokens, ...comments]
    .sort((a, b) => a.startOffset - b.startOffset)
    .map(({ tokenType, image, startOffset: start }) => ({
      type: tokenType.name,
      text: image,
      span: { source, start, end: start + image.length },
    }));
}

/** The concrete syntax tree of a source, mistakes and all. */
export function concreteTree(source: Source): CstNode {
  return grammar.read(arrange(tokenize(source.text).tokens, source.text).tokens).tree;
}

/**
 * Reads a source. Never throws: what cannot be read is told in `diagnostics`, and the tree holds what could be, with
 * `missing` where something is missing.
 */
export function parse(source: Source): { file: SourceFile; diagnostics: Diagnostic[] } {
  const whole: Span = { source, start: 0, end: source.text.length };
  const empty: SourceFile = { kind: "file", source, span: whole, declarations: [], comments: [] };
  if (isBinary(source.text)) {
    return {
      file: empty,
      diagnostics: [notText.build({ span: { source, start: 0, end: Math.min(1, whole.end) } })],
    };
  }
  const { tokens, comments: written } = tokenize(source.text);
  const comments = commentsOf(source, written);
  if (tokens.length === 0) {
    return {
      file: { ...empty, comments },
      diagnostics: [emptyFile.build({ span: { source, start: 0, end: 0 } })],
    };
  }
  const arrangement = arrange(tokens, source.text);
  const { tree, errors } = grammar.read(arrangement.tokens);
  const reading = {
    source,
    documentation(offset: number): string | null {
      const lines = documentationBefore(source, comments, offset);
      return lines.length === 0 ? null : lines.map(documentationLine).join("\n");
    },
  };
  const diagnostics = withoutEchoes(source, [
    ...tokenDiagnostics(source, tokens),
    ...bracketDiagnostics(source, arrangement.faults, errors),
    ...grammarDiagnostics(source, errors),
  ]);
  return { file: { ...empty, declarations: declarations(reading, tree), comments }, diagnostics };
}

/** A `parse` that reads the same source once. */
export function parseOnce(): typeof parse {
  const read = new Map<Source, ReturnType<typeof parse>>();
  return (source) => {
    const known = read.get(source) ?? parse(source);
    read.set(source, known);
    return known;
  };
}

/** NUL characters, or more than one character in ten that could not be decoded. */
function isBinary(text: string): boolean {
  if (text.includes("\0")) return true;
  const undecodable = text.split("\uFFFD").length - 1;
  return undecodable * 10 > text.length;
}
