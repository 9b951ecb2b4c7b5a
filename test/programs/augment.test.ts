/** What training sees of augmented samples: a loss that is linear in them has them as its gradient. */
import { describe, expect, it } from "vitest";
import { checkText } from "../check/programs.ts";
import { compiled, noise } from "./compiled.ts";

const [height, width] = [5, 6];

function text(augment: string): string {
  return `model Net {
  input image: [${height}, ${width}, 2]
  input region: index(7)[${height}, ${width}]
  param of_image: [${height}, ${width}, 2] = zeros()
  param of_region: [${height}, ${width}] = zeros()
  loss seen = sum(reshape(image * of_image, [batch, ${2 * height * width}]), over: -1)
  loss marked = sum(reshape(to_float(region) * of_region, [batch, ${height * width}]), over: -1)
}
train Net {
  minimize: loss with sgd(0)
  batch: 4
  ${augment}
}
`;
}

const image = Array.from(noise(3, height * width * 2), (value) => Math.fround(value + 2));
const region = Array.from(noise(5, height * width), (value) => Math.floor((value + 1) * 3) + 1);

interface Seen {
  readonly image: readonly number[];
  readonly region: readonly number[];
}

/** What training sees of the sample in each of so many steps. */
async function seenIn(augment: string, steps: number, training = true): Promise<readonly Seen[]> {
  const model = await (await compiled(text(augment), { kernels: "scalar" })).create({ seed: 5 });
  return Array.from({ length: steps }, () => {
    const { gradients } = model.gradients({ image, region }, { training });
    model.step({ image, region });
    return { image: Array.from(gradients["of_image"]!), region: Array.from(gradients["of_region"]!) };
  });
}

/** The picture with each place taken from somewhere else, 0 where that is outside. */
function moved(
  values: readonly number[],
  from: (i: number, j: number) => readonly [number, number],
): number[] {
  const channels = values.length / (height * width);
  return Array.from({ length: values.length }, (_, at) => {
    const place = Math.floor(at / channels);
    const [i, j] = from(Math.floor(place / width), place % width);
    const outside = i < 0 || i >= height || j < 0 || j >= width;
    return outside ? 0 : values[(i * width + j) * channels + (at % channels)]!;
  });
}

function key(values: readonly number[]): string {
  return values.join();
}

describe("augmentation", () => {
  it("moves pictures by up to so many places, several ports alike, anew in each step", async () => {
    const seen = await seenIn("augment: [image, region] -> shift(1)", 60);
    const ways = [-1, 0, 1].flatMap((down) => [-1, 0, 1].map((right) => [down, right] as const));
    const possible = new Map(
      ways.map(([down, right]) => {
        const from = (i: number, j: number) => [i + down, j + right] as const;
        return [key(moved(image, from)), key(moved(region, from))];
      }),
    );
    for (const each of seen) expect(possible.get(key(each.image))).toBe(key(each.region));
    expect(new Set(seen.map((each) => key(each.image))).size).toBe(9);
  });

  it("turns pictures over or not", async () => {
    for (const [augment, from] of [
      ["augment: [image, region] -> flip", (i: number, j: number) => [i, width - 1 - j] as const],
      [
        "augment: [image, region] -> flip(upside: true)",
        (i: number, j: number) => [height - 1 - i, j] as const,
      ],
    ] as const) {
      const seen = await seenIn(augment, 40);
      const possible = new Map([
        [key(image), key(region)],
        [key(moved(image, from)), key(moved(region, from))],
      ]);
      for (const each of seen) expect(possible.get(key(each.image))).toBe(key(each.region));
      const turned = seen.filter((each) => key(each.image) !== key(image)).length;
      expect(turned).toBeGreaterThan(8);
      expect(turned).toBeLessThan(32);
    }
  });

  it("cuts windows out, erases squares, adds noise, masks and scales", async () => {
    const crops = await seenIn("augment: image -> crop(0.5)", 30);
    for (const { image: seen } of crops) expect(image).toEqual(expect.arrayContaining([...new Set(seen)]));
    expect(new Set(crops.map((each) => key(each.image))).size).toBeGreaterThan(6);
    for (const { image: seen } of await seenIn("augment: image -> erase(2)", 20)) {
      const gone = seen.filter((value) => value === 0).length;
      // A square of two by two places, of two channels; at a corner at least one place of it is on the picture.
      expect([2, 4, 8]).toContain(gone);
      seen.forEach((value, k) => expect([0, image[k]]).toContain(value));
    }
    const masked = await seenIn("augment: image -> mask(0.25)", 20);
    const rate =
      masked.flatMap((each) => each.image).filter((value) => value === 0).length / (20 * image.length);
    expect(Math.abs(rate - 0.25)).toBeLessThan(5 * Math.sqrt((0.25 * 0.75) / (20 * image.length)));
    const noisy = (await seenIn("augment: image -> noise(0.5)", 20)).flatMap((each) =>
      each.image.map((value, k) => value - image[k]!),
    );
    const deviation = Math.sqrt(noisy.reduce((sum, value) => sum + value ** 2, 0) / noisy.length);
    expect(Math.abs(deviation - 0.5)).toBeLessThan(0.05);
    for (const { image: seen } of await seenIn("augment: image -> scale(0.2)", 20)) {
      const factors = seen.map((value, k) => value / image[k]!);
      factors.forEach((factor) => expect(factor).toBeCloseTo(factors[0]!, 5));
      expect(Math.abs(factors[0]! - 1)).toBeLessThanOrEqual(0.2);
    }
  });

  it("draws for each sample by itself, and leaves use alone", async () => {
    const augment = "augment: image -> shift(1) -> noise(0.1)\n  augment: image -> flip";
    const model = await (await compiled(text(augment), { kernels: "scalar" })).create({ seed: 5 });
    const gradient = (count: number): readonly number[] => {
      const batch = { image: Array(count).fill(image).flat(), region: Array(count).fill(region).flat() };
      return Array.from(model.gradients(batch).gradients["of_image"]!);
    };
    const [one, two] = [gradient(1), gradient(2)];
    const second = two.map((mean, k) => 2 * mean - one[k]!);
    expect(key(second.map((value) => Math.round(value * 1e3)))).not.toBe(
      key(one.map((value) => Math.round(value * 1e3))),
    );
    const [plain] = await seenIn(augment, 1, false);
    expect(plain).toEqual({ image, region });
  });

  it("takes layers of the file, and keeps what standardize was fitted to", () => {
    const { network, diagnostics } =
      checkText(`layer jitter(x: [..., n], by: float) -> [..., n] { return x + by * uniform(like: x) }
model Net {
  input x: [3]
  target y: [1]
  guess = x -> standardize -> dense(1)
  output guess = guess
  loss mse(guess, y)
}
train Net {
  minimize: loss with sgd(0.1)
  augment: x -> jitter(0.2) -> noise(0.1)
}
`);
    expect(diagnostics).toEqual([]);
    expect(network!.states.map(({ fitted }) => fitted?.input)).toEqual(["x", "x"]);
  });
});
