/** Owns the examples that draw digits out of noise, judged by a network that was trained on real ones. */
import { type Example, type Figure, type Train, flat } from "./example.ts";
import { largest } from "./measures.ts";
import { gallery, grayTile } from "./pictures.ts";

const drawn = 500;
const pixels = 64;
const brightest = 16;

function drawing(name: string): Example {
  return {
    name,
    area: "generative",
    data: ["digits"],
    run: async (train, seed) => {
      const { model, parts, seconds } = await train(name);
      const samples = Float32Array.from(model["sample"]!({ batch: drawn, seed }), (value) =>
        Math.min(Math.max(value, 0), brightest),
      );
      const real = flat(parts.training, "image");
      return {
        figures: [
          ...(await judged(train, samples)),
          ...copies(samples, real),
          { name: "processor seconds", value: seconds },
        ],
        pictures: () => [
          {
            file: `${name}.png`,
            content: gallery(
              Array.from({ length: 60 }, (_, k) =>
                grayTile(samples.subarray(pixels * k, pixels * (k + 1)), 8, 8, brightest),
              ),
              20,
              4,
            ),
          },
        ],
      };
    },
  };
}

/** Whether samples look like digits, and like all of them. */
async function judged(train: Train, samples: Float32Array): Promise<readonly Figure[]> {
  const { model } = await train("digits");
  const { probs } = model.predict({ pixels: samples });
  const said = largest(probs!, 10);
  const counts = Array.from({ length: 10 }, (_, digit) => said.filter((one) => one === digit).length);
  const sure = said.filter((digit, k) => probs![10 * k + digit]! > 0.9).length;
  return [
    { name: "part judged with more than 0.9", value: sure / drawn, must: { least: 0.8 } },
    { name: "digits that occur", value: counts.filter((count) => count > 0).length, must: { least: 10 } },
    { name: "largest part of one digit", value: Math.max(...counts) / drawn, must: { most: 0.25 } },
  ];
}

/** Samples that lie nearer to a training picture than the nearest hundredth of these lie to each other. */
function copies(samples: Float32Array, real: ArrayLike<number>): readonly Figure[] {
  const count = real.length / pixels;
  const nearest = (from: ArrayLike<number>, at: number, own: number) => {
    let least = Infinity;
    for (let other = 0; other < count; other += 1) {
      if (other === own) continue;
      let sum = 0;
      for (let k = 0; k < pixels && sum < least; k += 1)
        sum += (from[at * pixels + k]! - real[other * pixels + k]!) ** 2;
      if (sum < least) least = sum;
    }
    return Math.sqrt(least);
  };
  const among = Array.from({ length: count }, (_, k) => nearest(real, k, k)).sort((a, b) => a - b);
  const limit = among[Math.floor(count / 100)]!;
  const near = Array.from({ length: drawn }, (_, k) => nearest(samples, k, -1)).filter((one) => one < limit);
  return [{ name: "samples too near to a training picture", value: near.length, must: { most: 0 } }];
}

export const generative: readonly Example[] = ["vae", "gan", "diffusion"].map(drawing);
