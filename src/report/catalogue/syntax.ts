/** Owns the messages of the lexer and the parser: E01xx. */
import type { Span } from "../../text/source.ts";
import { message } from "./define.ts";

export const strangeCharacter = message({
  code: "E0101",
  title: "a character that begins nothing in the language",
  explanation:
    "Programs are made of names, numbers, strings and the signs of the grammar. Letters outside ASCII may stand in strings and " +
    "comments. One message is given for each run of such characters.",
  say: (facts: { span: Span; character: string; help?: string | undefined }) => ({
    message: `${facts.character} begins nothing in the language`,
    span: facts.span,
    help: facts.help,
  }),
});

export const unclosedString = message({
  code: "E0102",
  title: "a string that does not end on its line",
  explanation:
    'A string begins and ends with `"` on one line. Inside, `\\"`, `\\\\`, `\\n` and `\\t` are escapes.',
  say: (facts: { span: Span }) => ({
    message: "this string does not end on its line",
    span: facts.span,
    label: '`"` missing after this',
    help: 'close the string with `"`',
  }),
});

export const notText = message({
  code: "E0103",
  title: "a file that is not text",
  explanation:
    "Programs are UTF-8 text. A file with NUL characters, or one that is mostly undecodable, was not read as a program.",
  say: (facts: { span: Span }) => ({
    message: "this file is not text",
    span: facts.span,
    help: "give a `.nn` file: a program in UTF-8",
  }),
});

export const unexpected = message({
  code: "E0104",
  title: "something else was due here",
  explanation:
    "The grammar allows only certain words and signs at this place. Every statement begins with a word, and no expression has two " +
    "names side by side.",
  say: (facts: { span: Span; found: string; expected: string; help?: string | undefined }) => ({
    message: `expected ${facts.expected}, found ${facts.found}`,
    span: facts.span,
    help: facts.help,
  }),
});

export const reservedName = message({
  code: "E0105",
  title: "a reserved word as a name",
  explanation:
    "`if else for in scan return require and or not true false` are reserved. They may be labels of arguments and members, not names.",
  say: (facts: { span: Span; word: string }) => ({
    message: `\`${facts.word}\` is a reserved word and cannot be a name`,
    span: facts.span,
    label: "expected a name",
    help: `choose another name, for example \`${facts.word}_\``,
  }),
});

export const unclosedBracket = message({
  code: "E0106",
  title: "a bracket that is never closed",
  explanation: "Every `(`, `[` and `{` needs its partner. The message marks the bracket that was left open.",
  say: (facts: { span: Span; open: string; close: string; at: Span }) => ({
    message: `\`${facts.open}\` is never closed`,
    span: facts.at,
    label: `\`${facts.close}\` is missing here`,
    related: [{ span: facts.span, message: "opened here" }],
  }),
});

export const strayBracket = message({
  code: "E0107",
  title: "a closing bracket that nothing opened",
  explanation: "A `)`, `]` or `}` stands where no such bracket is open.",
  say: (facts: { span: Span; close: string }) => ({
    message: `nothing is open that \`${facts.close}\` could close`,
    span: facts.span,
    help: "remove it, or open its partner before",
  }),
});

export const nestedTooDeep = message({
  code: "E0108",
  title: "nesting beyond 100 levels",
  explanation:
    "Brackets, blocks and chained prefixes may be nested up to 100 deep. Deeper text is no program a person wrote.",
  say: (facts: { span: Span; limit: number }) => ({
    message: `nested more than ${facts.limit} deep`,
    span: facts.span,
    label: `level ${facts.limit + 1} begins here`,
    help: "name the inner parts, or write a layer for them",
  }),
});

export const emptyFile = message({
  code: "E0109",
  title: "a file that declares nothing",
  explanation:
    "A program holds at least one declaration: a model, a layer, a constant or another definition.",
  say: (facts: { span: Span }) => ({
    message: "this file declares nothing",
    span: facts.span,
    help: "begin with a model: `model Name { input x: [4] … }`",
  }),
});

export const malformedNumber = message({
  code: "E0110",
  title: "a number that is not written as numbers are",
  explanation:
    "A number has digits before and after its point: `0.5`, `1.0`, `1e-3`. `0..3` is a range. A name cannot begin with a digit.",
  say: (facts: { span: Span; text: string; help: string }) => ({
    message: `\`${facts.text}\` is no number`,
    span: facts.span,
    help: facts.help,
  }),
});

export const chainTooLong = message({
  code: "E0111",
  title: "an expression of more than 1000 operators",
  explanation:
    "One expression may chain up to 1000 operators, calls and members. Longer text is no program a person wrote.",
  say: (facts: { span: Span; limit: number }) => ({
    message: `this expression chains more than ${facts.limit} operators`,
    span: facts.span,
    help: "give parts of it names",
  }),
});

export const unknownEscape = message({
  code: "E0112",
  title: "an escape that strings do not have",
  explanation:
    'In a string, `\\"`, `\\\\`, `\\n`, `\\r` and `\\t` are escapes. A backslash itself is written `\\\\`.',
  say: (facts: { span: Span; text: string }) => ({
    message: `\`${facts.text}\` is no escape`,
    span: facts.span,
    help: `a backslash is written \`\\\\\`: \`\\${facts.text}\``,
  }),
});
