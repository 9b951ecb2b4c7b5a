/** Owns the picture of a training run: how losses went, epoch by epoch. */
import { measureText } from "../terminal/numbers.ts";
import type { EpochReport } from "../training/module.ts";
import { type Series, chart } from "./chart.ts";

/** Losses of training, and of what was held back; metrics are named with what they came to. */
export function trainingCurve(model: string, epochs: readonly EpochReport[]): string {
  const points = (value: (report: EpochReport) => number | undefined) =>
    epochs.flatMap((report): readonly (readonly [number, number])[] => {
      const at = value(report);
      return at === undefined ? [] : [[report.epoch, at]];
    });
  const as: Series["as"] = epochs.length > 1 ? "line" : "dots";
  const validation = points(({ val }) => val?.["loss"]);
  const series: readonly Series[] = [
    { name: "loss in training", as, points: points(({ loss }) => loss) },
    ...(validation.length === 0 ? [] : [{ name: "loss in validation", as, points: validation }]),
  ];
  const last = Object.entries(epochs.at(-1)?.val ?? {}).filter(([name]) => !(name in epochs.at(-1)!.losses));
  const metrics = last.map(([name, value]) => `, ${name} ${measureText(value)}`).join("");
  return chart({ title: `${model}${metrics}`, x: "epoch", y: "loss", series });
}
