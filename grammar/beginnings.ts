/** Owns how declarations, statements and settings begin, as recovery sees it: by the first words of a line. */
import { tokenMatcher, type IToken } from "chevrotain";
import {
  Assign,
  Colon,
  Comma,
  LeftBrace,
  LeftBracket,
  Name,
  NumberLiteral,
  RightBracket,
  StringLiteral,
  wordType,
} from "./tokens.ts";

const declarationWords = ["const", "layer", "model", "train", "optimizer", "schedule"].map(wordType);
const statementWords = ["for", "scan", "return", "require"].map(wordType);

const isName = (token: IToken | undefined): boolean => token !== undefined && tokenMatcher(token, Name);

const isLiteral = (token: IToken | undefined): boolean =>
  token !== undefined && (tokenMatcher(token, NumberLiteral) || tokenMatcher(token, StringLiteral));

/** Whether the tokens at `index` begin a declaration and can begin nothing else. */
export function startsDeclaration(tokens: readonly IToken[], index: number): boolean {
  const [first, second] = [tokens[index], tokens[index + 1]];
  if (first === undefined || second === undefined) return false;
  if (first.tokenType === wordType("import")) return second.tokenType === LeftBrace;
  return declarationWords.includes(first.tokenType) && isName(second);
}

/**
 * Whether the tokens at `index`, which open a line, begin a statement: no expression has two names, or a name and a
 * literal, side by side, and none has `name =` or `name[…] =`.
 */
export function startsStatement(tokens: readonly IToken[], index: number): boolean {
  const first = tokens[index];
  if (first === undefined) return false;
  if (statementWords.includes(first.tokenType)) return true;
  if (!isName(first)) return false;
  const second = tokens[index + 1];
  if (isName(second) || isLiteral(second) || second?.tokenType === Assign) return true;
  if (second?.tokenType === Comma) return endsInAssign(tokens, index + 2, false);
  return second?.tokenType === LeftBracket && endsInAssign(tokens, index + 2, true);
}

/**
 * Whether the tokens at `index` can begin nothing but a statement, whatever stands before them: `name: type = value` may
 * have its `type =` on a line of its own, but a word of the language followed by none of `:` and `=` lies in no parenthesis.
 */
export function startsOnlyStatement(tokens: readonly IToken[], index: number): boolean {
  const [first, second] = [tokens[index], tokens[index + 1]];
  if (first === undefined || second?.tokenType === Colon) return false;
  return statementWords.includes(first.tokenType) || (isName(first) && (isName(second) || isLiteral(second)));
}

/** Whether a list of names, or what stands in brackets, is followed by `=`. */
function endsInAssign(tokens: readonly IToken[], from: number, bracketed: boolean): boolean {
  let depth = bracketed ? 1 : 0;
  for (let index = from; index < Math.min(tokens.length, from + 64); index += 1) {
    const token = tokens[index]!;
    if (depth === 0) {
      if (token.tokenType === Assign) return true;
      if (bracketed || !(isName(token) || token.tokenType === Comma)) return false;
    } else if (token.tokenType === LeftBracket) depth += 1;
    else if (token.tokenType === RightBracket) depth -= 1;
    else if (token.tokenType === Assign) return false;
  }
  return false;
}

/** Whether the tokens at `index`, which open a line, begin a setting of a recipe. */
export function startsSetting(tokens: readonly IToken[], index: number): boolean {
  return isName(tokens[index]) && tokens[index + 1]?.tokenType === Colon;
}
