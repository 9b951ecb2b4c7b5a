/** Owns the form of a message's example: a program whose marked lines make the mistake (`-`) and mend it (`+`). */

/** Lines begin with two characters: `- ` what is wrong, `+ ` what stands there instead, two spaces what stays. */
export type Example = string;

/** A model of these lines, after what stands before it in the file. */
export function model(body: string, before = ""): Example {
  const rest = before === "" ? "" : `${marked(before, "")}\n`;
  return `${rest}  model Net {\n${marked(body, "  ")}\n  }\n`;
}

/** A recipe of these lines, for a model that it fits. */
export function recipe(settings: string): Example {
  const net = [
    "  input x: [8]",
    "  target y: [1]",
    "  guess = x -> dense(1)",
    "  output guess = guess",
    "  loss mse(guess, y)",
  ];
  return `${model(net.join("\n"))}  train Net {\n${marked(settings, "  ")}\n  }\n`;
}

/** A whole file. */
export function file(text: string): Example {
  return `${marked(text, "")}\n`;
}

/** Marks stay at the left of what is set in. */
function marked(text: string, indent: string): string {
  const lines = text.replace(/^\n|\n$/g, "").split("\n");
  return lines.map((line) => (line === "" ? "" : `${line.slice(0, 2)}${indent}${line.slice(2)}`)).join("\n");
}

/** The program with the mistake. */
export function wrongText(example: Example): string {
  return without(example, "+ ");
}

/** The program after the mistake was mended. */
export function mendedText(example: Example): string {
  return without(example, "- ");
}

function without(example: Example, mark: string): string {
  const kept = example.split("\n").filter((line) => !line.startsWith(mark));
  return kept.map((line) => line.slice(2)).join("\n");
}
