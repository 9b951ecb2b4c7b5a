/** Owns the grammar as text: EBNF, read off the parser's own productions. */
import { Grammar } from "../../grammar/parser.ts";

/** A production as Chevrotain serializes it. */
interface Production {
  readonly type: string;
  readonly name?: string;
  readonly label?: string;
  readonly definition?: readonly Production[];
  readonly separator?: Production;
}

/** Every rule of the language, in the order of declarations, statements and expressions. */
export function grammarText(): string {
  const rules = new Grammar({
    validated: false,
  }).getSerializedGastProductions() as unknown as readonly Production[];
  const known = new Map(rules.map((rule) => [rule.name!, rule]));
  const order: string[] = [];
  const visit = (name: string): void => {
    if (order.includes(name)) return;
    order.push(name);
    namesIn(known.get(name)!).forEach(visit);
  };
  visit("file");
  const width = Math.max(...order.map((name) => name.length));
  return order
    .map((name) => `${name.padEnd(width)} = ${broken(sequence(known.get(name)!), width)} ;`)
    .join("\n");
}

function namesIn(production: Production): readonly string[] {
  const own = production.type === "NonTerminal" ? [production.name!] : [];
  return [...own, ...(production.definition ?? []).flatMap(namesIn)];
}

function sequence({ definition = [] }: Production): string {
  return definition.map(text).join(" ");
}

function text(production: Production): string {
  switch (production.type) {
    case "NonTerminal":
      return production.name!;
    case "Terminal":
      return terminal(production);
    case "Option":
      return `[ ${sequence(production)} ]`;
    case "Repetition":
      return `{ ${sequence(production)} }`;
    case "RepetitionMandatory":
      return `${sequence(production)} { ${sequence(production)} }`;
    case "RepetitionWithSeparator":
      return `[ ${separated(production)} ]`;
    case "RepetitionMandatoryWithSeparator":
      return separated(production);
    case "Alternation": {
      const alternatives = (production.definition ?? []).map(sequence).join(" | ");
      return `( ${alternatives} )`;
    }
    default:
      return sequence(production);
  }
}

function separated(production: Production): string {
  return `${sequence(production)} { ${terminal(production.separator!)} ${sequence(production)} }`;
}

const classes: Readonly<Record<string, string>> = {
  Name: "name",
  Word: "word",
  Number: "number",
  String: "string",
  Compare: "compare",
  AddSign: '( "+" | "-" )',
  MultiplySign: '( "*" | "/" | "%" | "@" )',
};

function terminal({ name = "", label = "" }: Production): string {
  const sign = /^`(.*)`$/.exec(label)?.[1];
  return classes[name] ?? (sign === undefined ? name : `"${sign}"`);
}

/** An alternation that is a whole rule stands without parentheses, long ones an alternative a line. */
function broken(rule: string, indent: number): string {
  const whole = /^\( (.*) \)$/.exec(rule)?.[1];
  const bare = whole !== undefined && outermost(whole) ? whole : rule;
  return bare.length + indent <= 108 ? bare : splitAlternatives(bare).join(`\n${" ".repeat(indent + 1)}| `);
}

/** Whether no parenthesis closes before it was opened: the outer pair was one pair. */
function outermost(inner: string): boolean {
  let depth = 0;
  for (const token of inner.split(" ")) {
    if (token === "(") depth += 1;
    if (token === ")") depth -= 1;
    if (depth < 0) return false;
  }
  return true;
}

function splitAlternatives(rule: string): readonly string[] {
  const parts: string[][] = [[]];
  let depth = 0;
  for (const token of rule.split(" ")) {
    if (["(", "[", "{"].includes(token)) depth += 1;
    if ([")", "]", "}"].includes(token)) depth -= 1;
    if (token === "|" && depth === 0) parts.push([]);
    else parts.at(-1)!.push(token);
  }
  return parts.map((part) => part.join(" "));
}
