/** Owns the proof that highlighters see what the compiler's own lexer sees, in whole and in half-written programs. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { StreamLanguage } from "@codemirror/language";
import hljs from "highlight.js/lib/core";
import { type LanguageRegistration, createHighlighter } from "shiki";
import type * as Oniguruma from "vscode-oniguruma";
import type * as TextMate from "vscode-textmate";
import { beforeAll, describe, expect, it } from "vitest";
import { leadingWords, reservedWords } from "../../grammar/tokens.ts";
import { grammarFiles } from "../../scripts/write-grammar.ts";
import { lex } from "../../src/syntax/parse.ts";
import codemirrorLanguage from "../../src/tools/highlighting/codemirror.ts";
import highlightLanguage from "../../src/tools/highlighting/highlight.ts";
import shikiLanguage from "../../src/tools/highlighting/shiki.ts";
import { halfWritten, programs, root } from "./programs.ts";

const require = createRequire(import.meta.url);
const textmate = require("vscode-textmate") as typeof TextMate;
const oniguruma = require("vscode-oniguruma") as typeof Oniguruma;

let grammar: TextMate.IGrammar;

beforeAll(async () => {
  await oniguruma.loadWASM(readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm")));
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: () =>
      Promise.resolve(
        textmate.parseRawGrammar(
          readFileSync(join(root, "grammar/nn.tmLanguage.json"), "utf8"),
          "nn.tmLanguage.json",
        ),
      ),
  });
  grammar = (await registry.loadGrammar("source.nn"))!;
});

/** The scopes at each offset of a text, as one string. */
function scopesOf(text: string): readonly string[] {
  const scopes: string[] = [];
  let stack = textmate.INITIAL;
  for (const line of text.split("\n")) {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, stack);
    stack = ruleStack;
    for (const { startIndex, endIndex, scopes: names } of tokens)
      for (let at = startIndex; at < Math.min(endIndex, line.length); at += 1)
        scopes.push(names.slice(1).join(" "));
    scopes.push("");
  }
  return scopes;
}

const expected: Readonly<Record<string, RegExp>> = {
  DocumentationComment: /^comment\.line\.documentation/,
  LineComment: /^comment\.line\.double-slash/,
  String: /string\.quoted/,
  UnclosedString: /string\.quoted/,
  Number: /constant\.numeric/,
  MalformedNumber: /invalid\.illegal\.number/,
  Arrow: /keyword\.operator\.pipe/,
};
const reserved = new Set<string>(reservedWords);

/** Tokens that are coloured as something else than they are. */
function disagreements(text: string): readonly string[] {
  const scopes = scopesOf(text);
  return lex({ name: "a.nn", text }).flatMap(({ type, text: image, span }) => {
    const scope = scopes[span.start]!;
    const due = reserved.has(image)
      ? /keyword|constant\.language|parameter|member/
      : (expected[type] ?? /^(?!.*(?:comment|string|numeric|keyword\.control\.nn)).*$/);
    return due.test(scope) ? [] : [`${type} ${image} at ${span.start} is ${scope}`];
  });
}

describe("the TextMate grammar", () => {
  it("is what the token table makes", async () => {
    for (const [path, text] of await grammarFiles())
      expect(readFileSync(join(root, path), "utf8"), `${path}: run \`npm run grammar\``).toBe(text);
  });

  it("has a class for every word of the language", () => {
    const table = JSON.parse(readFileSync(join(root, "grammar/nn.highlight.json"), "utf8")) as Record<
      string,
      readonly string[]
    >;
    const classes = ["control", "logical", "constants", "declaring", "leading", "clauses", "types"];
    const known = new Set(classes.flatMap((name) => table[name]!));
    expect([...reservedWords, ...leadingWords].filter((word) => !known.has(word))).toEqual([]);
  });

  it.each([...programs])("colours %s as the compiler reads it", (_, text) => {
    expect(disagreements(text)).toEqual([]);
  });

  it.each([...programs])("colours half-written pieces of %s as the compiler reads them", (_, text) => {
    for (const piece of halfWritten(text)) expect(disagreements(piece)).toEqual([]);
  });

  it("leaves words that lead alone where they are names", () => {
    const text = [
      "minimize: loss with adam(1e-3)",
      "input = 3",
      "y = target + next",
      "f(over: time, in: 2)",
      "minimize: loss over state with sgd(0.1)",
    ].join("\n");
    const scopes = scopesOf(text);
    const at = (piece: string): string => scopes[text.indexOf(piece)]!;
    expect(at("loss with")).not.toMatch(/storage|keyword/);
    expect(at("with adam")).toMatch(/keyword/);
    expect(at("input =")).not.toMatch(/storage|keyword/);
    expect(at("target +")).not.toMatch(/storage|keyword/);
    expect(at("over: time")).toMatch(/variable\.parameter/);
    expect(at("in: 2")).toMatch(/variable\.parameter/);
    expect(at("over state")).toMatch(/keyword/);
    expect(at("state with")).not.toMatch(/storage|keyword/);
  });

  it("names what is declared and what is called", () => {
    const text = "layer dense(x: [n], units: int) -> [units] {\n  param w: [n] = zeros()\n  y = x -> relu\n}";
    const scopes = scopesOf(text);
    const at = (piece: string): string => scopes[text.indexOf(piece)]!;
    expect(at("layer")).toMatch(/storage\.type/);
    expect(at("dense")).toMatch(/entity\.name\.function/);
    expect(at("units")).toMatch(/variable\.parameter/);
    expect(at("int)")).toMatch(/support\.type/);
    expect(at("param")).toMatch(/storage\.modifier/);
    expect(at("w:")).toMatch(/variable\.other\.definition/);
    expect(at("zeros")).toMatch(/entity\.name\.function\.call/);
    expect(at("relu")).toMatch(/entity\.name\.function\.call/);
  });
});

function unescaped(html: string): string {
  return html
    .replaceAll("&quot;", '"')
    .replaceAll("&#x27;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}

const sample = '/// Doc.\nmodel Tiny(width: int = 4) {\n  y = x -> dense(width, "s") // c\n}\n';

describe("other highlighters", () => {
  it("Shiki takes the same grammar", async () => {
    const shiki = await createHighlighter({
      langs: [shikiLanguage as unknown as LanguageRegistration],
      themes: ["github-light"],
    });
    const html = shiki.codeToHtml(sample, { lang: "nn", theme: "github-light" });
    expect(html).toMatch(/<span style="color:#D73A49">model<\/span>/);
    expect(shiki.getLoadedLanguages()).toContain("nnc");
  });

  it("highlight.js registers the language", () => {
    hljs.registerLanguage("nn", highlightLanguage);
    const { value, illegal } = hljs.highlight(sample, { language: "nn" });
    expect(illegal).toBe(false);
    expect(value).toContain('<span class="hljs-keyword">model</span>');
    expect(value).toContain('<span class="hljs-title function_">dense</span>');
    expect(value).toContain('<span class="hljs-comment">// c</span>');
    expect(value).toContain('<span class="hljs-number">4</span>');
  });

  it.each([...programs])("highlight.js reads %s as the compiler does", (_, text) => {
    hljs.registerLanguage("nn", highlightLanguage);
    const { value, illegal } = hljs.highlight(text, { language: "nn" });
    expect(illegal).toBe(false);
    const kinds = new Map<string, string>();
    for (const [, scope, inner] of value.matchAll(/<span class="hljs-([\w-]+)[^"]*">([^<]*)/g))
      kinds.set(unescaped(inner!), scope!);
    for (const { type, text: image } of lex({ name: "a.nn", text })) {
      if (type === "Number") expect(kinds.get(image), image).toBe("number");
      if (type === "LineComment") expect(kinds.get(image), image).toBe("comment");
      if (type === "DocumentationComment") expect(kinds.get(image), image).toBe("doctag");
      if (type === "String") expect(kinds.get(image), image).toBe("string");
    }
  });

  it.each([...programs])("CodeMirror reads %s to its end", (_, text) => {
    const language = StreamLanguage.define(codemirrorLanguage);
    const tree = language.parser.parse(text);
    expect(tree.length).toBe(text.length);
    const kinds = new Map<string, string>();
    tree.iterate({ enter: (node) => void kinds.set(text.slice(node.from, node.to), node.name) });
    for (const { type, text: image } of lex({ name: "a.nn", text })) {
      if (type === "Number") expect(kinds.get(image)).toBe("number");
      if (type === "LineComment") expect(kinds.get(image)).toBe("lineComment");
      if (type === "String") expect(kinds.get(image)).toBe("string");
    }
  });
});
