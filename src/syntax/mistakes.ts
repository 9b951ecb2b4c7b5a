/** Owns what is told about text that cannot be read: from faults of tokens, brackets and grammar to diagnostics. */
import type { IToken } from "chevrotain";
import {
  chainLimit,
  closingSign,
  nestingLimit,
  type BracketFault,
  type Place,
} from "../../grammar/arrangement.ts";
import type { Mistake } from "../../grammar/parser.ts";
import { errorLimit } from "../../grammar/recovery.ts";
import { leadingWords, reservedWords } from "../../grammar/tokens.ts";
import * as say from "../report/catalogue/syntax.ts";
import type { Diagnostic } from "../report/diagnostic.ts";
import { suggest } from "../report/suggest.ts";
import type { Source, Span } from "../text/source.ts";
import { unknownEscapes } from "./literals.ts";

const reserved: ReadonlySet<string> = new Set(reservedWords);
const leading: ReadonlySet<string> = new Set(leadingWords);
const statementLeads = [
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
    "metric",
  ],
  ...["entry", "require", "return", "for", "scan", "if"],
];
const declarationLeads = ["import", "const", "layer", "metric", "optimizer", "schedule", "model", "train"];

const spanOf = (source: Source, token: IToken): Span => ({
  source,
  start: token.startOffset,
  end: token.startOffset + token.image.length,
});

/** Just after a token: where something is missing. */
const after = (source: Source, token: IToken): Span => {
  const offset = token.startOffset + token.image.length;
  return { source, start: offset, end: offset };
};

const isSupplied = (token: IToken): boolean => (token.payload as Place | undefined)?.supplied === true;

/** What is wrong within single tokens. */
export function tokenDiagnostics(source: Source, tokens: readonly IToken[]): readonly Diagnostic[] {
  return tokens.flatMap((token): Diagnostic[] => {
    const span = spanOf(source, token);
    switch (token.tokenType.name) {
      case "Strange":
        return [
          say.strangeCharacter.build({ span, character: shown(token.image), help: helpFor(token.image) }),
        ];
      case "UnclosedString":
        return [say.unclosedString.build({ span })];
      case "MalformedNumber":
        return [say.malformedNumber.build({ span, text: token.image, help: numberHelp(token.image) })];
      case "String":
        return unknownEscapes(token.image).map(({ offset, text }) =>
          say.unknownEscape.build({
            span: { source, start: span.start + offset, end: span.start + offset + text.length },
            text,
          }),
        );
      default:
        return [];
    }
  });
}

/** A run of characters as a message shows it: control characters by their code. */
function shown(text: string): string {
  const characters = [...text].slice(0, 8);
  const visible = characters.map((character) => {
    const code = character.codePointAt(0)!;
    const control =
      code < 32 || (code >= 127 && code < 160) || (code >= 0xd800 && code < 0xe000) || code === 0xfffd;
    return control ? `U+${code.toString(16).toUpperCase().padStart(4, "0")}` : character;
  });
  return `\`${visible.join("")}${[...text].length > 8 ? "…" : ""}\``;
}

const replacements: ReadonlyMap<string, string> = new Map([
  [";", "lines need no `;`: remove it"],
  ["'", 'strings are written with `"`'],
  ["`", 'strings are written with `"`'],
  ["#", "comments begin with `//`"],
  ["&", "write `and`"],
  ["!", "write `not`"],
  ["^", "powers are written `a ** b`"],
  ["?", "write `if c { a } else { b }`"],
  ["→", "write `->`"],
  ["×", "write `*`"],
  ["·", "write `*`"],
  ["≤", "write `<=`"],
  ["≥", "write `>=`"],
  ["≠", "write `!=`"],
  ["−", "write `-`"],
  ["“", 'strings are written with `"`'],
  ["”", 'strings are written with `"`'],
]);

function helpFor(text: string): string | undefined {
  const known = replacements.get([...text][0]!);
  if (known !== undefined) return known;
  return /^\p{L}/u.test(text) ? "names are made of `a` to `z`, `A` to `Z`, digits and `_`" : undefined;
}

function numberHelp(text: string): string {
  if (text.startsWith(".")) return `write \`0${text}\``;
  if (text.endsWith(".")) return `write \`${text}0\``;
  const product = /^(\d+(?:\.\d+)?)([A-Za-z_]\w*)$/.exec(text);
  if (product !== null && !/^e\d*$/i.test(product[2]!)) {
    return `a product is written \`${product[1]} * ${product[2]}\`; a name begins with a letter or \`_\``;
  }
  return "write for example `0.5`, `10` or `1e-3`";
}

/** What is wrong with brackets. A `}` too many is no mistake of its own where a `{` was missing. */
export function bracketDiagnostics(
  source: Source,
  faults: readonly BracketFault[],
  mistakes: readonly Mistake[],
): readonly Diagnostic[] {
  let unopened = mistakes.filter(({ expected }) => expected === "`{`").length;
  return faults.slice(0, errorLimit).flatMap((fault): Diagnostic[] => {
    switch (fault.kind) {
      case "tooDeep":
        return [say.nestedTooDeep.build({ span: spanOf(source, fault.token), limit: nestingLimit })];
      case "tooLong":
        return [say.chainTooLong.build({ span: spanOf(source, fault.token), limit: chainLimit })];
      case "stray":
        if (fault.close.image === "}" && unopened > 0) {
          unopened -= 1;
          return [];
        }
        return [say.strayBracket.build({ span: spanOf(source, fault.close), close: fault.close.image })];
      case "unclosed":
        return [
          say.unclosedBracket.build({
            span: spanOf(source, fault.open),
            open: fault.open.image,
            close: closingSign(fault.open),
            at: after(source, fault.last),
          }),
        ];
    }
  });
}

/** What is wrong with the order of tokens. Tokens that are wrong in themselves, and supplied ones, were told before. */
export function grammarDiagnostics(source: Source, mistakes: readonly Mistake[]): readonly Diagnostic[] {
  return mistakes
    .filter(
      ({ token, before }) =>
        token.tokenType.name !== "Strange" && !isSupplied(token) && !(before && isSupplied(before)),
    )
    .map((mistake) => grammarDiagnostic(source, mistake));
}

function grammarDiagnostic(source: Source, mistake: Mistake): Diagnostic {
  const { token, before } = mistake;
  const expected = dueIn(mistake);
  const bound = expected === "a statement" && mistake.next?.image === "=";
  if ((expected === "a name" || bound) && reserved.has(token.image)) {
    return say.reservedName.build({ span: spanOf(source, token), word: token.image });
  }
  const atEnd = token.tokenType.name === "EOF";
  const found = atEnd ? "the end of the file" : `\`${token.image.slice(0, 40)}\``;
  const opensLine = (token.payload as Place | undefined)?.opensLine === true;
  const bodyItem = ["a declaration", "a statement", "a setting"].includes(expected);
  // What is missing is missing where the line before ended, not where the next one begins.
  const span =
    (atEnd || (opensLine && !bodyItem)) && before !== null ? after(source, before) : spanOf(source, token);
  if (bodyItem && !opensLine && before !== null && !atEnd && !["{", "}"].includes(before.image)) {
    return say.unexpected.build({
      span,
      found,
      expected: "an operator or the next line",
      help: helpBetween(token.image, expected),
    });
  }
  return say.unexpected.build({ span, found, expected, help: helpInstead(mistake, expected) });
}

/** What was due, with what may also stand there. */
function dueIn({ expected, rule }: Mistake): string {
  const separated: Readonly<Record<string, string>> = {
    arguments: "`,` or `)`",
    parameters: "`,` or `)`",
    list: "`,` or `]`",
    shape: "`,` or `]`",
    subscripts: "`,` or `]`",
    equation: "`,` or `]`",
    layerType: "`,` or `)`",
  };
  return (expected === "`)`" || expected === "`]`" ? separated[rule] : undefined) ?? expected;
}

function helpBetween(found: string, item: string): string | undefined {
  const clause = item === "a setting" ? suggest(found, ["over", "with", "every"]) : null;
  if (clause !== null) return `did you mean \`${clause}\`?`;
  if (found === "=") return "equality is written `==`; a binding begins its line: `name = …`";
  if (found === ":") return "only labels, types and settings are followed by `:`";
  return undefined;
}

function helpInstead({ token, next }: Mistake, expected: string): string | undefined {
  const text = token.image;
  const known =
    expected === "a statement" ? statementLeads : expected === "a declaration" ? declarationLeads : [];
  if (/^\w+$/.test(text) && known.length > 0 && !leading.has(text) && !reserved.has(text)) {
    const near = next !== null && /^\w+$/.test(next.image) ? suggest(text, known) : null;
    if (near !== null) return `did you mean \`${near}\`?`;
    if (expected === "a statement") return `to give a value a name, write \`name = …\``;
  }
  if (expected === "a declaration" && statementLeads.includes(text))
    return `\`${text}\` belongs inside a model or a layer`;
  if (expected === "a statement" && declarationLeads.includes(text))
    return `\`${text}\` belongs outside of the block`;
  if (expected === "a statement" && leading.has(text)) return `after \`${text}\` a name is due`;
  return undefined;
}

/**
 * In order of place, without what follows from a mistake told before: on one line, a mistake of grammar besides one of a
 * token or a bracket, and all but the first strange character.
 */
export function withoutEchoes(source: Source, diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const lineOf = lineFinder(source);
  const taken = new Set<number>();
  const strange = new Set<number>();
  return diagnostics
    .filter(({ code, span, related }) => {
      const line = lineOf(span.start);
      if (code === say.strangeCharacter.code) {
        if (strange.has(line)) return false;
        strange.add(line);
      }
      const echo = (code === say.unexpected.code || code === say.reservedName.code) && taken.has(line);
      if (!echo)
        for (const place of [span, ...related.map((each) => each.span)]) taken.add(lineOf(place.start));
      return !echo;
    })
    .sort((a, b) => a.span.start - b.span.start)
    .slice(0, errorLimit);
}

function lineFinder(source: Source): (offset: number) => number {
  const starts = [0];
  for (let at = source.text.indexOf("\n"); at >= 0; at = source.text.indexOf("\n", at + 1))
    starts.push(at + 1);
  return (offset) => {
    let [low, high] = [0, starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (starts[middle]! <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}
