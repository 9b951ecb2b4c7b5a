/** Owns `nnc evaluate`: losses and metrics of a trained network over a whole data set. */
import { measureText } from "../terminal/numbers.ts";
import { tableLines } from "../terminal/table.ts";
import type { Output } from "./output.ts";
import { type TrainedFlags, openTrained } from "./trained.ts";

export interface EvaluateFlags extends TrainedFlags {
  readonly log: "plain" | "json";
}

export async function runEvaluate(output: Output, path: string, flags: EvaluateFlags): Promise<number> {
  const trained = await openTrained(output, path, flags, "required");
  if (trained === null) return 1;
  const { data, model } = trained;
  const values = model.evaluate(data.columns);
  if (flags.log === "json") {
    output.line(JSON.stringify({ event: "evaluation", samples: data.count, data: data.files, values }));
    return 0;
  }
  const columns = [
    { title: "measure", align: "left" as const },
    { title: "value", align: "right" as const },
  ];
  const rows = Object.entries(values).map(([name, value]) => [name, measureText(value)]);
  for (const line of tableLines(columns, rows)) output.line(line);
  output.line(`over ${data.count} samples of ${data.files.join(", ")}`);
  return 0;
}
