/** Owns what is read off the tokens before parsing: lines, nesting, and partners for brackets that lost theirs. */
import { tokenMatcher, type IToken, type TokenType } from "chevrotain";
import {
  AddSign,
  Arrow,
  Assign,
  Bar,
  Colon,
  Comma,
  Compare,
  Dot,
  DoubleDot,
  Ellipsis,
  LeftBrace,
  LeftBracket,
  LeftParenthesis,
  MultiplySign,
  Name,
  NumberLiteral,
  Power,
  RightBrace,
  RightBracket,
  RightParenthesis,
  StringLiteral,
  UnclosedString,
  wordType,
} from "./tokens.ts";
import { startsDeclaration, startsOnlyStatement, startsSetting, startsStatement } from "./beginnings.ts";

/** How deep brackets, prefixes and powers may nest: deeper would exhaust the stack of a recursive descent. */
export const nestingLimit = 100;
/** How many operators one expression may chain: the tree leans to the left by one level for each. */
export const chainLimit = 1000;

/** What is known of a token besides its text; kept as its `payload`. */
export interface Place {
  /** The number of brackets open around it; a bracket itself stands outside of what it holds. */
  readonly level: number;
  /** Whether it is the first token of its line. */
  readonly opensLine: boolean;
  /** Whether it was supplied for a bracket that was never closed. */
  readonly supplied: boolean;
}

export type BracketFault =
  | { readonly kind: "unclosed"; readonly open: IToken; readonly last: IToken }
  | { readonly kind: "stray"; readonly close: IToken }
  | { readonly kind: "tooDeep"; readonly token: IToken }
  | { readonly kind: "tooLong"; readonly token: IToken };

export interface Arrangement {
  /** With every bracket matched. */
  readonly tokens: IToken[];
  readonly faults: readonly BracketFault[];
}

const closerOf = new Map<TokenType, TokenType>([
  [LeftParenthesis, RightParenthesis],
  [LeftBracket, RightBracket],
  [LeftBrace, RightBrace],
]);
const closers: ReadonlySet<TokenType> = new Set(closerOf.values());
const labels = new Map([
  [RightParenthesis, ")"],
  [RightBracket, "]"],
  [RightBrace, "}"],
]);

/** `)` for `(`. */
export function closingSign(open: IToken): string {
  return labels.get(closerOf.get(open.tokenType)!)!;
}

/** Places every token, and matches every bracket: none is missing and none is too many in what it returns. */
export function arrange(tokens: readonly IToken[], text: string): Arrangement {
  const excess = excessOf(tokens);
  if (excess !== null) return { tokens: [], faults: [excess] };
  const lines = linesOf(tokens, text);
  if (balanced(tokens)) return { tokens: placed(tokens, lines), faults: [] };
  return repaired(tokens, lines);
}

/** For each token: the column where its line begins to be written, or null where it does not open its line. */
interface Line {
  readonly opens: boolean;
  readonly indentation: number;
}

function linesOf(tokens: readonly IToken[], text: string): readonly Line[] {
  let scanned = 0;
  let lineStart = 0;
  let indentation = 0;
  return tokens.map((token, place) => {
    let opens = place === 0;
    for (; scanned < token.startOffset; scanned += 1) {
      const character = text.charCodeAt(scanned);
      if (character !== 10 && character !== 13) continue;
      opens = true;
      lineStart = scanned + 1;
    }
    if (opens) indentation = token.startOffset - lineStart;
    return { opens, indentation };
  });
}

function endsOperand(token: IToken | undefined): boolean {
  if (token === undefined) return false;
  const type = token.tokenType;
  return (
    tokenMatcher(token, Name) ||
    tokenMatcher(token, NumberLiteral) ||
    tokenMatcher(token, StringLiteral) ||
    type === Ellipsis ||
    type === wordType("true") ||
    type === wordType("false") ||
    closers.has(type)
  );
}

/**
 * The first token that goes beyond a limit. Brackets count as long as they are open; a prefix, a power and an `else if` until
 * their expression ends; every other operator towards the length of the chain.
 */
function excessOf(tokens: readonly IToken[]): BracketFault | null {
  const open: { depth: number; chain: number; alternatives: number }[] = [];
  let [depth, chain, alternatives] = [0, 0, 0];
  let [depthOutside, chainOutside] = [0, 0];
  let before: IToken | undefined;
  for (const token of tokens) {
    const type = token.tokenType;
    const afterOperand = endsOperand(before);
    if (closerOf.has(type)) {
      chain += afterOperand ? 1 : 0;
      if (type === LeftBrace && before?.tokenType !== wordType("else")) depth = alternatives;
      open.push({ depth, chain, alternatives });
      depthOutside += depth + 1;
      chainOutside += chain;
      [depth, chain, alternatives] = [0, 0, 0];
    } else if (closers.has(type)) {
      const outer = open.pop() ?? { depth: 0, chain: 0, alternatives: 0 };
      depthOutside = Math.max(0, depthOutside - outer.depth - 1);
      chainOutside = Math.max(0, chainOutside - outer.chain);
      ({ depth, chain, alternatives } = outer);
    } else if (type === wordType("if") && before?.tokenType === wordType("else")) {
      alternatives += 1;
      depth = alternatives;
    } else if (type === wordType("else")) {
      chain = 0;
    } else if (
      type === Power ||
      type === wordType("not") ||
      (tokenMatcher(token, AddSign) && !afterOperand)
    ) {
      depth += 1;
    } else if (type === Dot || tokenMatcher(token, MultiplySign)) {
      chain += 1;
    } else if (
      tokenMatcher(token, AddSign) ||
      type === wordType("and") ||
      type === wordType("or") ||
      tokenMatcher(token, Compare)
    ) {
      chain += 1;
      depth = alternatives;
    } else if (
      type === Arrow ||
      type === Comma ||
      type === Assign ||
      type === Colon ||
      type === DoubleDot ||
      type === Bar
    ) {
      [depth, chain] = [alternatives, 0];
    } else if (afterOperand) {
      // Two operands side by side: another statement begins.
      [depth, chain, alternatives] = [0, 0, 0];
    }
    if (depthOutside + depth > nestingLimit) return { kind: "tooDeep", token };
    if (chainOutside + chain > chainLimit) return { kind: "tooLong", token };
    before = token;
  }
  return null;
}

function balanced(tokens: readonly IToken[]): boolean {
  const due: TokenType[] = [];
  for (const { tokenType } of tokens) {
    const closer = closerOf.get(tokenType);
    if (closer !== undefined) due.push(closer);
    else if (closers.has(tokenType) && due.pop() !== tokenType) return false;
  }
  return due.length === 0;
}

function placed(tokens: readonly IToken[], lines: readonly Line[]): IToken[] {
  let level = 0;
  return tokens.map((token, index) => {
    if (closers.has(token.tokenType)) level -= 1;
    const place: Place = { level, opensLine: lines[index]!.opens, supplied: false };
    if (closerOf.has(token.tokenType)) level += 1;
    token.payload = place;
    return token;
  });
}

/**
 * Gives partners to the brackets that have none. Lines and indentation say where: a line that begins a statement lies in no
 * parenthesis, a declaration in no block, and a `}` further left than the line of the innermost block closes an outer one.
 */
function repaired(tokens: readonly IToken[], lines: readonly Line[]): Arrangement {
  const kept: IToken[] = [];
  const faults: BracketFault[] = [];
  const open: { token: IToken; line: Line; index: number }[] = [];
  const supply = (): void => {
    const { token, index } = open.pop()!;
    const last = kept[kept.length - 1]!;
    const stringRanOver = kept.slice(index).some(({ tokenType }) => tokenType === UnclosedString);
    if (!stringRanOver) faults.push({ kind: "unclosed", open: token, last });
    const offset = last.endOffset! + 1;
    const type = closerOf.get(token.tokenType)!;
    const place: Place = { level: open.length, opensLine: false, supplied: true };
    kept.push({
      image: "",
      startOffset: offset,
      endOffset: offset - 1,
      tokenType: type,
      tokenTypeIdx: type.tokenTypeIdx!,
      payload: place,
    });
  };
  const innermost = (): TokenType | undefined => open[open.length - 1]?.token.tokenType;

  tokens.forEach((token, index) => {
    const type = token.tokenType;
    const line = lines[index]!;
    if (line.opens && open.length > 0) {
      const inside = tokens[index - 1]!;
      const complete = endsOperand(inside) || closerOf.has(inside.tokenType) || inside.tokenType === Comma;
      if (complete ? startsStatement(tokens, index) : startsOnlyStatement(tokens, index)) {
        while (open.length > 0 && innermost() !== LeftBrace) supply();
      }
      if (complete && startsDeclaration(tokens, index)) while (open.length > 0) supply();
    }
    const next = tokens[index + 1];
    if (
      type === LeftBrace &&
      (next === undefined || lines[index + 1]!.opens) &&
      opensBlock(tokens, index + 1)
    ) {
      while (open.length > 0 && innermost() !== LeftBrace) supply();
    }
    if (closers.has(type)) {
      const partner = partnerOf(open, type, line);
      if (partner < 0) {
        faults.push({ kind: "stray", close: token });
        return;
      }
      while (open.length > partner + 1) supply();
      open.pop();
    }
    const place: Place = { level: open.length, opensLine: line.opens, supplied: false };
    token.payload = place;
    kept.push(token);
    if (closerOf.has(type)) open.push({ token, line, index: kept.length - 1 });
  });
  while (open.length > 0) supply();
  return { tokens: kept, faults };
}

/** Whether what follows a `{`, on a line of its own, is no expression: then it holds statements or settings. */
function opensBlock(tokens: readonly IToken[], index: number): boolean {
  return startsStatement(tokens, index) || startsSetting(tokens, index);
}

/** Which of the open brackets a closing one ends; -1 where none. */
function partnerOf(open: readonly { token: IToken; line: Line }[], closer: TokenType, line: Line): number {
  let place = open.length - 1;
  if (closer !== RightBrace) {
    while (place >= 0 && open[place]!.token.tokenType !== LeftBrace) {
      if (closerOf.get(open[place]!.token.tokenType) === closer) return place;
      place -= 1;
    }
    return -1;
  }
  const braces = open.flatMap(({ token }, index) => (token.tokenType === LeftBrace ? [index] : []));
  const nearest = braces[braces.length - 1] ?? -1;
  if (!line.opens) return nearest;
  const byIndentation = braces.filter((index) => open[index]!.line.indentation <= line.indentation);
  return byIndentation[byIndentation.length - 1] ?? nearest;
}
