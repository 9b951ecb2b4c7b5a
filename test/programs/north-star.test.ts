/** Programs of the north star, small, on data at random: they check without a complaint, and their gradients are slopes. */
import { describe, expect, it } from "vitest";
import { checkText } from "../check/programs.ts";
import {
  type DimensionSymbol,
  declaredSymbols,
  resolveDimension,
  variesBySample,
} from "../../src/ir/dimension.ts";
import type { Network, Port } from "../../src/ir/network.ts";
import { batchOf, numbersFrom, parametersOf } from "../laws/network.ts";
import { difference } from "../support/difference.ts";
import { type Batch, compiled, programText } from "./compiled.ts";

interface Small {
  readonly name: string;
  readonly set?: Readonly<Record<string, string>>;
  /** Sizes that are no hyper-parameters. */
  readonly instead?: readonly (readonly [string, string])[];
}

const programs: readonly Small[] = [
  { name: "diffusion", instead: [["width: int = 256", "width: int = 6"]] },
  { name: "gpt", set: { vocab: "7", context: "6", width: "4", heads: "2", depth: "1" } },
  {
    name: "pronounce",
    set: { letters: "5", sounds: "4", width: "4", heads: "2", depth: "1" },
    instead: [["16", "5"]],
  },
  {
    name: "chorales",
    set: { pitches: "6", width: "3" },
    instead: [
      ["512", "8"],
      ["448", "8"],
      ["time <= 64", "time <= 8"],
    ],
  },
  { name: "movies", set: { users: "5", films: "7", width: "3" } },
  { name: "resnet", set: { width: "2", depth: "1" } },
  {
    name: "segment",
    set: { width: "2" },
    instead: [
      ["64, 64", "16, 16"],
      ["depth: 3", "depth: 1"],
    ],
  },
  {
    name: "gan",
    set: { latent: "3" },
    instead: [
      ["7 * 7 * 64", "7 * 7 * 4"],
      ["7, 7, 64", "7, 7, 4"],
      ["conv_transpose2d(32", "conv_transpose2d(3"],
      ["conv2d(32", "conv2d(2"],
      ["conv2d(64", "conv2d(3"],
    ],
  },
  {
    name: "maintenance",
    set: { sensors: "2", units: "3", code: "2" },
    instead: [["time <= 128", "time <= 7"]],
  },
  {
    name: "speech",
    set: { letters: "4" },
    instead: [
      ["256 <= samples <= 12000", "32 <= samples <= 96"],
      ["length <= 8", "length <= 3"],
      ["bands: 40, window: 256, hop: 80", "bands: 5, window: 32, hop: 8"],
      ["conv1d(64", "conv1d(3"],
      ["gru(48)", "gru(2)"],
    ],
  },
];
const distance = 1e-6;

function hasLengths({ inputs, targets }: Network): boolean {
  return [...inputs, ...targets].some(({ type }) => type.shape.some(variesBySample));
}

/** Three samples of different lengths for each port. */
function sequencesOf({ inputs, targets, batch }: Network): Batch {
  const next = numbersFrom(11);
  const sample = ({ type: { element, shape } }: Port, place: number): readonly number[] => {
    const sizes = new Map<DimensionSymbol, number>([[batch, 1]]);
    for (const symbol of shape.flatMap(declaredSymbols))
      if (symbol.kind === "length") sizes.set(symbol, Math.max(symbol.minimum, symbol.maximum! - 2 * place));
    const size = shape.slice(1).reduce((product, extent) => product * resolveDimension(extent, sizes), 1);
    const one = (): number =>
      element.kind === "index" ? Math.floor(((next() + 1) / 2) * element.size) : next();
    return Array.from({ length: size }, one);
  };
  const ports = [...inputs, ...targets];
  return Object.fromEntries(ports.map((port) => [port.name, [0, 1, 2].map((place) => sample(port, place))]));
}

describe.each(programs)("$name", ({ name, set = {}, instead = [] }) => {
  const text = programText(`north-star/${name}`);
  const small = instead.reduce((shrunk, [from, to]) => shrunk.replaceAll(from, to), text);

  it("is checked without a complaint", () => {
    expect(checkText(text).diagnostics).toEqual([]);
  });

  it("has the slopes of its losses as gradients", { timeout: 120_000 }, async () => {
    const { network } = checkText(small, { set });
    const batch = hasLengths(network!) ? sequencesOf(network!) : batchOf(network!, 3, 11);
    const options = { set, kernels: "scalar", precision: "double" } as const;
    const model = await (await compiled(small, options)).create({ seed: 3 });
    const values = Object.fromEntries(
      Object.entries(parametersOf(network!, 13)).map(([path, all]) => [
        path,
        all.map((value) => 0.7 * value),
      ]),
    );
    for (const [path, all] of Object.entries(values)) model.parameters.set(path, all);
    for (const loss of network!.recipe.objectives.length > 1 ? network!.losses : ["loss"]) {
      const lossWith = (path: string, place: number, by: number): number => {
        model.parameters.set(
          path,
          values[path]!.map((value, k) => (k === place ? value + by : value)),
        );
        const { losses } = model.gradients(batch, { loss });
        return losses[loss]!;
      };
      const { gradients } = model.gradients(batch, { loss });
      const problems = Object.entries(values).map(([path, all]) => {
        // One of each: papers and laws take many.
        const places = [Math.floor(all.length * 0.37)];
        const slopes = places.map(
          (k) => (lossWith(path, k, distance) - lossWith(path, k, -distance)) / (2 * distance),
        );
        model.parameters.set(path, all);
        const found = places.map((k) => gradients[path]![k]!);
        // Rounding of a loss near 1 over the distance: 1e-16 / 1e-6.
        return difference(`gradient of ${path} for ${loss}`, found, slopes, { rtol: 1e-5, atol: 1e-7 });
      });
      expect(problems.filter((problem) => problem !== null)).toEqual([]);
    }
  });
});
