/** Owns the token table: every word and sign of the language, and the lexer made of them. */
import { createToken, Lexer, type IToken, type TokenType } from "chevrotain";

/** Words that are never names; labels of arguments and members may still be called so. */
export const reservedWords = [
  "if",
  "else",
  "for",
  "in",
  "scan",
  "return",
  "require",
  "and",
  "or",
  "not",
  "true",
  "false",
] as const;

/** Words that lead a declaration, a statement or a clause, and are names everywhere else. */
export const leadingWords = [
  ...["import", "from", "const", "layer", "metric", "optimizer", "schedule", "model", "train", "as"],
  ...[
    "input",
    "target",
    "param",
    "state",
    "carry",
    "collect",
    "update",
    "next",
    "share",
    "output",
    "loss",
    "entry",
  ],
  ...["over", "with", "every", "steps", "epochs", "reversed", "index"],
] as const;

/** Any word: what labels and members are made of. */
export const Word = createToken({ name: "Word", pattern: Lexer.NA, label: "a word" });
/** A word that is not reserved. */
export const Name = createToken({ name: "Name", pattern: Lexer.NA, label: "a name", categories: [Word] });
const Identifier = createToken({
  name: "Identifier",
  pattern: /[A-Za-z_]\w*/,
  label: "a name",
  categories: [Name],
});

const word = (text: string, category: TokenType): TokenType =>
  createToken({
    name: text[0]!.toUpperCase() + text.slice(1),
    pattern: text,
    label: `\`${text}\``,
    longer_alt: Identifier,
    categories: [category],
  });

/** Longer words first: `in` must not be tried before `input`. */
const wordTypes = new Map<string, TokenType>(
  [
    ...reservedWords.map((text) => [text, word(text, Word)] as const),
    ...leadingWords.map((text) => [text, word(text, Name)] as const),
  ].sort(([a], [b]) => b.length - a.length),
);

/** The token type of a reserved or leading word. */
export function wordType(text: string): TokenType {
  const type = wordTypes.get(text);
  if (type === undefined) throw new Error(`${text} is no word of the grammar`);
  return type;
}

const category = (name: string, label: string): TokenType => createToken({ name, pattern: Lexer.NA, label });

export const Compare = category("Compare", "a comparison");
/** `+` and `-`, between terms or before one. */
export const AddSign = category("AddSign", "`+` or `-`");
export const MultiplySign = category("MultiplySign", "`*`, `/`, `%` or `@`");

const sign = (name: string, text: string, ...categories: TokenType[]): TokenType =>
  createToken({ name, pattern: text, label: `\`${text}\``, categories });

export const Arrow = sign("Arrow", "->");
export const Power = sign("Power", "**");
export const Ellipsis = sign("Ellipsis", "...");
export const DoubleDot = sign("DoubleDot", "..");
export const Dot = sign("Dot", ".");
export const Comma = sign("Comma", ",");
export const Colon = sign("Colon", ":");
export const Bar = sign("Bar", "|");
export const Assign = sign("Assign", "=");
export const LeftParenthesis = sign("LeftParenthesis", "(");
export const RightParenthesis = sign("RightParenthesis", ")");
export const LeftBracket = sign("LeftBracket", "[");
export const RightBracket = sign("RightBracket", "]");
export const LeftBrace = sign("LeftBrace", "{");
export const RightBrace = sign("RightBrace", "}");

const comparisons = [
  sign("Equal", "==", Compare),
  sign("NotEqual", "!=", Compare),
  sign("AtMost", "<=", Compare),
  sign("AtLeast", ">=", Compare),
  sign("Less", "<", Compare),
  sign("Greater", ">", Compare),
];
const arithmetic = [
  sign("Plus", "+", AddSign),
  sign("Minus", "-", AddSign),
  sign("Times", "*", MultiplySign),
  sign("Divide", "/", MultiplySign),
  sign("Modulo", "%", MultiplySign),
  sign("MatrixProduct", "@", MultiplySign),
];

export const NumberLiteral = createToken({
  name: "Number",
  pattern: /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/,
  label: "a number",
});
/** `1.`, `.5`, `2x`: reported by the reader of tokens, a number to the parser. */
export const MalformedNumber = createToken({
  name: "MalformedNumber",
  pattern:
    /\d+\.(?![.\d])\w*|\.\d+\w*|\d+(?:\.\d+)?(?![eE][+-]?\d)[A-Za-z_]\w*|\d+(?:\.\d+)?[eE][+-]?\d+[A-Za-z_]\w*/,
  label: "a number",
  categories: [NumberLiteral],
  start_chars_hint: [..."0123456789."],
});
export const StringLiteral = createToken({
  name: "String",
  pattern: /"(?:[^"\\\n\r]|\\[^\n\r])*"/,
  label: "a string",
  start_chars_hint: ['"'],
});
/** A string without its end: reported by the reader of tokens, a string to the parser. */
export const UnclosedString = createToken({
  name: "UnclosedString",
  pattern: /"(?:[^"\\\n\r]|\\[^\n\r])*\\?/,
  label: "a string",
  categories: [StringLiteral],
  start_chars_hint: ['"'],
});
/** Characters that begin nothing: reported by the reader of tokens; no rule of the grammar takes it. */
export const Strange = createToken({ name: "Strange", pattern: Lexer.NA, label: "a strange character" });

export const DocumentationComment = createToken({
  name: "DocumentationComment",
  pattern: /\/\/\/(?!\/)[^\n\r]*/,
  group: "comments",
  start_chars_hint: ["/"],
});
export const LineComment = createToken({
  name: "LineComment",
  pattern: /\/\/[^\n\r]*/,
  group: "comments",
  start_chars_hint: ["/"],
});
const WhiteSpace = createToken({
  name: "WhiteSpace",
  pattern: /\s+/,
  group: Lexer.SKIPPED,
  line_breaks: true,
});

/** Every token type, those first that are tried first. */
export const tokenTypes: readonly TokenType[] = [
  ...[WhiteSpace, DocumentationComment, LineComment, Word, Name, ...wordTypes.values(), Identifier],
  ...[Compare, AddSign, MultiplySign, Arrow, Power, Ellipsis, DoubleDot],
  ...[MalformedNumber, NumberLiteral, StringLiteral, UnclosedString],
  ...[...comparisons, ...arithmetic],
  ...[Dot, Comma, Colon, Bar, Assign],
  ...[LeftParenthesis, RightParenthesis, LeftBracket, RightBracket, LeftBrace, RightBrace, Strange],
];

const lexer = new Lexer([...tokenTypes], { positionTracking: "onlyOffset", ensureOptimizations: true });

/** Cuts text into tokens and comments, each in order. Whatever begins no token is a `Strange` one: this cannot fail. */
export function tokenize(text: string): {
  readonly tokens: readonly IToken[];
  readonly comments: readonly IToken[];
} {
  const { tokens, groups, errors } = lexer.tokenize(text);
  const comments = groups["comments"] ?? [];
  for (const token of tokens) token.endOffset = token.startOffset + token.image.length - 1;
  if (errors.length === 0) return { tokens, comments };
  const strange = errors.map(({ offset, length }): IToken => {
    return {
      image: text.slice(offset, offset + length),
      startOffset: offset,
      endOffset: offset + length - 1,
      tokenType: Strange,
      tokenTypeIdx: Strange.tokenTypeIdx!,
    };
  });
  return { tokens: [...tokens, ...strange].sort((a, b) => a.startOffset - b.startOffset), comments };
}
