/** Owns running an example with several seeds: its data made ready, its figures gathered, the median of each. */
import { join } from "node:path";
import { type Example, type Figure, type Picture, type Short, folder, sourceOf, trainer } from "./example.ts";
import { median } from "./measures.ts";

export interface Result {
  readonly name: string;
  readonly area: string;
  readonly seeds: readonly number[];
  /** Medians over the seeds. */
  readonly figures: readonly Figure[];
  /** For each figure its value with each seed. */
  readonly values: Readonly<Record<string, readonly number[]>>;
}

/** Folders of data that are nowhere to be found. */
export function missingOf({ data, needs = [], prepare }: Example): readonly string[] {
  return [...(prepare === undefined ? data : []), ...needs].filter((name) => sourceOf(name) === null);
}

export async function runExample(
  example: Example,
  seeds: readonly number[],
  options: {
    readonly short?: Short;
    /** Where composed data go, in the place of `examples`. */
    readonly folder?: string;
    readonly onEpoch?: (text: string) => void;
    readonly onPicture?: (picture: Picture) => Promise<void>;
  } = {},
): Promise<Result> {
  const { short = null, onEpoch = () => undefined, onPicture } = options;
  const own = options.folder ?? folder;
  await example.prepare?.((name) => join(sourceOf(name)!, "data", name), own, short);
  const base = example.prepare === undefined ? sourceOf(example.data[0]!)! : own;
  const runs: (readonly Figure[])[] = [];
  for (const [place, seed] of seeds.entries()) {
    const train = trainer(base, seed, short, onEpoch);
    const { figures, pictures } = await example.run(train, seed);
    runs.push(figures);
    if (place > 0 || onPicture === undefined) continue;
    for (const picture of await pictures()) await onPicture(picture);
  }
  const values = Object.fromEntries(
    runs[0]!.map(({ name }, k) => [name, runs.map((figures) => figures[k]!.value)] as const),
  );
  const figures = runs[0]!.map((first, k) => ({
    ...first,
    value: median(values[first.name]!),
    // What is asked for may itself be measured, as that of a baseline.
    ...(first.must === undefined ? {} : { must: middleOf(runs.map((run) => run[k]!.must!)) }),
  }));
  return { name: example.name, area: example.area, seeds, figures, values };
}

function middleOf(musts: readonly NonNullable<Figure["must"]>[]): NonNullable<Figure["must"]> {
  const first = musts[0]!;
  const bound = median(musts.map((must) => ("least" in must ? must.least : must.most)));
  return "least" in first ? { least: bound } : { most: bound };
}

export function isReached({ value, must }: Figure): boolean {
  if (must === undefined) return true;
  return "least" in must ? value >= must.least : value <= must.most;
}
