/** Owns docs/messages.md, which is made: the page of every message, as `nnc explain` prints it. */
import { format } from "prettier";
import { catalogue } from "../../src/report/catalogue/index.ts";
import { pageOf } from "../../src/report/page.ts";

const families: readonly (readonly [RegExp, string])[] = [
  [/^E01/, "Text that is no program"],
  [/^E02/, "Names, calls, shapes, models"],
  [/^E03/, "Gradients, constants, augmentation"],
  [/^E04/, "Recurrences"],
  [/^E05/, "Lengths that vary"],
  [/^W/, "Warnings"],
];

export function messagesPage(): Promise<string> {
  const parts = families.map(([codes, title]) => {
    const entries = catalogue.filter(({ code }) => codes.test(code));
    const pages = entries.map((entry) => {
      const { paragraphs, example } = pageOf(entry);
      const shown = example.map(({ text }) => text.trimEnd()).join("\n");
      return [
        `### ${entry.code}: ${entry.title}`,
        paragraphs.join("\n\n"),
        ...(shown === "" ? [] : [`\`\`\`diff\n${shown}\n\`\`\``]),
      ].join("\n\n");
    });
    return [`## ${title}`, ...pages].join("\n\n");
  });
  const text = [
    "<!-- Made from src/report by `npm run accept`; do not edit. -->",
    "# Messages",
    "Every message has a code that keeps its meaning. `nnc explain CODE` prints its page; here are all of them. In the examples `-` marks what makes the mistake, `+` what mends it.",
    ...parts,
  ].join("\n\n");
  return format(text, { parser: "markdown", printWidth: 110 });
}
