/** Owns `nnc summary`: the layers of a model with output shapes, parameters, bytes and multiply-adds. */
import { literalValue } from "../../ir/dimension.ts";
import { userFrame } from "../../ir/frame.ts";
import { batchUse } from "../../ir/mixing.ts";
import type { Network } from "../../ir/network.ts";
import { type TensorType, printShape, printType } from "../../ir/type.ts";
import { positionAt } from "../../text/source.ts";
import { continuedIn } from "../../passes/incremental/index.ts";
import { simplifyNetwork } from "../../passes/simplify.ts";
import { countMultiplyAdds } from "../multiply-adds.ts";
import { bytesText, grouped } from "../terminal/numbers.ts";
import { tableLines } from "../terminal/table.ts";
import { type Choice, requestOf } from "../program.ts";
import { networkOrReport } from "./diagnostics.ts";
import type { Output } from "./output.ts";

export interface SummaryFlags extends Choice {
  readonly format: "table" | "json";
}

interface Line {
  readonly layer: string;
  readonly path: string;
  readonly output: string;
  readonly parameters: number;
  readonly bytes: number;
  readonly multiplyAdds: number;
  readonly line: number;
}

const bytesOfNumber = 4;

export async function runSummary(output: Output, path: string, flags: SummaryFlags): Promise<number> {
  const network = networkOrReport(await requestOf(path, flags), output);
  if (network === null) return 1;
  if (flags.format === "json") output.line(JSON.stringify(summaryObject(network), null, 2));
  else for (const line of summaryTable(network)) output.line(line);
  return 0;
}

/** Of `--format json`. */
export function summaryObject(network: Network): object {
  const lines = linesOf(network);
  const parameters = parameterCount(network);
  return {
    model: network.name,
    inputs: network.inputs.map(({ name, type }) => ({ name, type: printType(type) })),
    outputs: network.outputs.map(({ name, type }) => ({ name, type: printType(type) })),
    layers: lines,
    parameters,
    bytes: parameters * bytesOfNumber,
    multiplyAdds: countMultiplyAdds(network).total,
    together: togetherOf(network),
    texts: textsOf(network),
  };
}

export function summaryTable(network: Network): readonly string[] {
  const parameters = parameterCount(network);
  const rows = linesOf(network).map((line) => [
    line.layer,
    line.output,
    some(line.parameters, grouped),
    some(line.bytes, bytesText),
    some(line.multiplyAdds, grouped),
  ]);
  const ports = network.inputs.map(({ name, type }) => [`input ${name}`, printType(type), "", "", ""]);
  const { total } = countMultiplyAdds(network);
  const totals = [
    "total, for one sample",
    "",
    grouped(parameters),
    bytesText(parameters * bytesOfNumber),
    grouped(total),
  ];
  const columns = [
    { title: network.name, align: "left" as const },
    { title: "output", align: "left" as const },
    { title: "parameters", align: "right" as const },
    { title: "size", align: "right" as const },
    { title: "multiply-adds", align: "right" as const },
  ];
  return [
    ...tableLines(columns, [...ports, ...rows, null, totals]),
    ...togetherLines(network),
    ...continuedLines(network),
  ];
}

interface EntryText {
  readonly entry: string;
  /** What makes that its text is read again with each symbol; null where what was read is kept. */
  readonly again: null | { readonly layer: string; readonly line: number; readonly reason: string };
  /** Of one that is kept: up to how many symbols, null where there are never more. */
  readonly upTo: number | null;
}

/** How the texts that entries go on with are read. */
function textsOf(network: Network): readonly EntryText[] {
  return simplifyNetwork(network).entries.flatMap(({ name: entry, function: fn }) =>
    continuedIn(fn).map(({ again, window, moves }): EntryText => {
      if (again === null) return { entry, again: null, upTo: moves ? window : null };
      const { span } = userFrame(again.frame);
      const line = positionAt(span.source, span.start).line;
      return { entry, again: { layer: again.frame.layer, line, reason: again.reason }, upTo: null };
    }),
  );
}

function continuedLines(network: Network): readonly string[] {
  const texts = textsOf(network).map(({ entry, again, upTo }) => {
    if (again !== null) {
      const { layer, line, reason } = again;
      return `\`${entry}\` reads all of its text again for each symbol, since of \`${layer}\` (line ${line}): ${reason}.`;
    }
    const until = upTo === null ? "" : `, until its window of ${upTo} is full`;
    return `\`${entry}\` reads each symbol once and keeps what it made of it${until}.`;
  });
  return texts.length === 0 ? [] : ["", ...texts];
}

interface Together {
  /** Whose samples depend on each other, and where the user asked for it. */
  readonly by: readonly { readonly layer: string; readonly line: number }[];
  /** How many are kept at once. */
  readonly samples: number;
}

/** What mixes the samples of a batch in training, so that their activations are kept together; null where nothing does. */
function togetherOf(network: Network): Together | null {
  const { batch, accumulate } = network.recipe;
  const found = batchUse(network.train, network.batch).mixers.map((frame) => {
    const { span } = userFrame(frame);
    return { layer: frame.layer, line: positionAt(span.source, span.start).line };
  });
  const by = found.filter(
    ({ layer, line }, place) =>
      found.findIndex((other) => other.layer === layer && other.line === line) === place,
  );
  return by.length === 0 ? null : { by, samples: batch * accumulate };
}

function togetherLines(network: Network): readonly string[] {
  const together = togetherOf(network);
  if (together === null) return [];
  const { by, samples } = together;
  const lines = new Map<string, number[]>();
  for (const { layer, line } of by) lines.set(layer, [...(lines.get(layer) ?? []), line]);
  const named = [...lines].map(
    ([layer, at]) => `\`${layer}\` (${at.length === 1 ? "line" : "lines"} ${at.join(", ")})`,
  );
  const { batch, accumulate } = network.recipe;
  const made = accumulate === 1 ? "" : ` (${accumulate} batches of ${batch})`;
  return [
    "",
    `In training samples depend on each other by ${named.join(", ")}:`,
    `the activations of all ${samples} samples of a step${made} are kept together.`,
  ];
}

export function parameterCount(network: Network): number {
  return network.parameters.reduce((sum, { type }) => sum + elements(type), 0);
}

function linesOf(network: Network): readonly Line[] {
  const sizes = new Map(network.parameters.map(({ name, type }) => [name, elements(type)]));
  const { byLayer } = countMultiplyAdds(network);
  return network.layers.map((layer, place) => {
    const parameters = layer.parameters.reduce((sum, name) => sum + (sizes.get(name) ?? 0), 0);
    return {
      layer: layer.text,
      path: layer.path,
      output:
        layer.output.element.kind === "float" ? printShape(layer.output.shape) : printType(layer.output),
      parameters,
      bytes: parameters * bytesOfNumber,
      multiplyAdds: byLayer[place]!,
      line: positionAt(layer.span.source, layer.span.start).line,
    };
  });
}

/** A table is easier to read without its zeros. */
function some(count: number, text: (count: number) => string): string {
  return count === 0 ? "" : text(count);
}

function elements(type: TensorType): number {
  return type.shape.reduce((product, dimension) => product * (literalValue(dimension) ?? 1), 1);
}
