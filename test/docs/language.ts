/** Owns the parts of docs/language.md that are made: the grammar, the library's index, and messages below examples. */
import { format } from "prettier";
import { library } from "../../src/library/table.generated.ts";
import { operations } from "../../src/ops/index.ts";
import { parse } from "../../src/syntax/parse.ts";
import { formatText } from "./signature.ts";
import { examplesOf, messagesOf } from "./examples.ts";
import { grammarText } from "./grammar.ts";

/** The page with every part that is made put in anew. */
export function languagePage(page: string, content: string): Promise<string> {
  const parts: Readonly<Record<string, string>> = {
    grammar: `\`\`\`ebnf\n${grammarText()}\n\`\`\``,
    ...Object.fromEntries(
      (["layer", "metric", "optimizer", "schedule"] as const).map((sort) => [`${sort}s`, definitions(sort)]),
    ),
    operations: operationList(),
  };
  const filled = Object.entries(parts).reduce(
    (text, [name, made]) =>
      text.replace(
        new RegExp(`(<!-- made: ${name} -->\n)[\\s\\S]*?(<!-- end -->)`),
        (_, open: string, close: string) => `${open}\n${made}\n\n${close}`,
      ),
    content,
  );
  return format(withMessages(page, filled), { parser: "markdown", printWidth: 110 });
}

/** Below each example with a code: the messages. */
function withMessages(page: string, content: string): string {
  let examples = examplesOf(page, content);
  return content.replace(
    /^(```nn(?: in (?:model|recipe))? [EW]\d{4}\n[\s\S]*?\n```\n)(?:\n```text\n[\s\S]*?\n```\n)?/gm,
    (_, example: string) => {
      const at = examples.find(({ text, code }) => code !== null && example.includes(`\n${text}\n`))!;
      examples = examples.filter((other) => other !== at);
      return `${example}\n\`\`\`text\n${messagesOf(at)}\n\`\`\`\n`;
    },
  );
}

/** By file of the library: each definition's signature, with the first sentence of its documentation. */
function definitions(sort: "layer" | "metric" | "optimizer" | "schedule"): string {
  return [...library]
    .flatMap(([name, text]) => {
      const found = parse({ name, text }).file.declarations.filter(
        (declaration) => declaration.kind === "definition" && declaration.sort === sort,
      );
      if (found.length === 0) return [];
      const rows = found.map((declaration) =>
        declaration.kind === "definition"
          ? `- \`${formatText(declaration)}\`: ${firstSentence(declaration.doc)}`
          : "",
      );
      return [`\`library/${name}\`\n\n${rows.join("\n")}`];
    })
    .join("\n\n");
}

function firstSentence(doc: string | null): string {
  const text = (doc ?? "").replace(/\s+/g, " ").trim();
  return /^.*?\.(?= [A-Z\d`]|$)/.exec(text)?.[0] ?? text;
}

/** Operations that a program may call; those that only have signs are written so. */
function operationList(): string {
  const called = [...operations.values()].filter(({ name }) => !spelled.has(name));
  return called
    .map(({ name, tensors, options, doc }) => {
      const shown = Object.keys(options).filter((option) => option !== "stream");
      return `- \`${name}(${[...tensors, ...shown.map((option) => `${option}:`)].join(", ")})\`: ${doc}`;
    })
    .join("\n");
}

/** Operations behind signs, literals and subscripts. */
const spelled: ReadonlySet<string> = new Set(
  (
    "negate add subtract multiply divide power remainder maximum minimum less less_equal greater greater_equal equal " +
    "not_equal and or not matmul slice take constant size range index to_float"
  ).split(" "),
);
