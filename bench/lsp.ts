/** Owns the measurement of the language server: how long an answer takes on 500 lines, right after a keystroke. */
import { readFileSync } from "node:fs";
import { cursor, startEditor } from "../test/editor/client.ts";

/** An answer is due within so many milliseconds, in the median. */
const due = 50;
const keystrokes = 30;

/** A program of 500 lines as they are written: a dozen layers with comments, a model that calls them, a recipe. */
function program(lines: number): string {
  const layers: string[] = [];
  for (let place = 0; layers.join("\n").split("\n").length < lines - 60; place += 1) {
    layers.push(
      [
        `/// Block ${place}: widens, mixes and narrows again.`,
        `layer block_${place}(x: [..., n], inner: int = 64, rate: float = 0.1) -> [..., n] {`,
        `  require 0 <= rate < 1, "the rate is a fraction below 1"`,
        `  // The wide part.`,
        `  wide = x -> dense(inner) -> layer_norm -> relu`,
        `  gate = x -> dense(inner) -> sigmoid`,
        `  mixed = wide * gate`,
        `  for k in 0..2 {`,
        `    mixed = mixed + (mixed -> dense(inner) -> gelu)`,
        `  }`,
        `  narrow = mixed -> dropout(rate) -> dense(n)`,
        `  return x + narrow`,
        `}`,
        ``,
      ].join("\n"),
    );
  }
  const calls = layers.map((_, place) => `  h = h -> block_${place}(inner: ${32 + 8 * (place % 4)})`);
  const model = [
    `model Bench(width: int = 48) {`,
    `  input  pixels: [8, 8]`,
    `  target digit: index(10)`,
    `  h = pixels -> flatten -> dense(width)`,
    ...calls,
    `  logits = h -> dense(10)`,
    `  output probs = softmax(logits)`,
    `  loss cross_entropy(logits, digit)`,
    `  metric accuracy(logits, digit)`,
    `}`,
    ``,
    `train Bench {`,
    `  minimize: loss with adam(rate: cosine(1e-2))`,
    `  epochs:   5`,
    `}`,
    ``,
  ];
  const text = [...layers, ...model].join("\n");
  const missing = lines - text.split("\n").length;
  return `${Array.from({ length: Math.max(0, missing) }, () => "// What this program is for.").join("\n")}\n${text}`;
}

const whole = program(500);
const requests: Readonly<Record<string, object>> = {
  "textDocument/completion": {},
  "textDocument/hover": {},
  "textDocument/signatureHelp": {},
  "textDocument/definition": {},
  "textDocument/references": { context: { includeDeclaration: true } },
  "textDocument/documentSymbol": {},
  "textDocument/semanticTokens/full": {},
  "textDocument/foldingRange": {},
  "textDocument/inlayHint": {
    range: { start: { line: 0, character: 0 }, end: { line: 600, character: 0 } },
  },
  "textDocument/codeLens": {},
  "textDocument/formatting": { options: { tabSize: 2, insertSpaces: true } },
  diagnostics: {},
};

const editor = await startEditor({}, { picture: true }, { refresh: true });
const times = new Map<string, number[]>();
const worked = new Map<string, number>();

/** Milliseconds that the server has kept processors busy: on a machine with other work, what it would take alone. */
function processorTime(): number {
  try {
    const fields = readFileSync(`/proc/${editor.process}/stat`, "utf8").split(") ")[1]!.split(" ");
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return Number.NaN;
  }
}

for (let stroke = 0; stroke < keystrokes; stroke += 1) {
  for (const [method, more] of Object.entries(requests)) {
    // A new name in the middle each time: nothing of the text that is checked is as it was.
    const text = whole.replace(
      "  logits = h -> dense(",
      `  logits_${stroke} = h\n  logits = h -> dense(${cursor}`,
    );
    const place = editor.write(
      "bench.nn",
      `${text}// ${method}\n`.replace("Block 0:", `Block 0 (${stroke}):`),
    );
    const [began, busy] = [performance.now(), processorTime()];
    if (method === "diagnostics") await editor.diagnostics("bench.nn");
    else await editor.at(method, place, more);
    times.set(method, [...(times.get(method) ?? []), performance.now() - began]);
    worked.set(method, (worked.get(method) ?? 0) + processorTime() - busy);
  }
}
await editor.stop();

const row = (name: string, numbers: readonly (number | string)[]): string =>
  [name.padEnd(34), ...numbers.map((number) => String(number).padStart(17))].join("");
const sorted = (values: readonly number[]): readonly number[] => [...values].sort((a, b) => a - b);
const at = (values: readonly number[], part: number): number =>
  Math.round(sorted(values)[Math.floor(part * (values.length - 1))]! * 10) / 10;

console.log(`${whole.split("\n").length} lines; milliseconds from a keystroke to the answer`);
console.log(row("", ["median", "9 of 10", "processor, mean"]));
for (const [method, values] of times)
  console.log(
    row(method, [at(values, 0.5), at(values, 0.9), Math.round(worked.get(method)! / values.length)]),
  );
const answers = [...times].filter(([method]) => method !== "diagnostics").flatMap(([, values]) => values);
const median = at(answers, 0.5);
console.log(row("all answers", [median, at(answers, 0.9)]));
console.log(`diagnostics wait for a pause of 120 ms in the typing`);
process.exitCode = median <= due ? 0 : 1;
