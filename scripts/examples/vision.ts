/** Owns the examples on pictures of one thing: digits and clothes told apart. */
import { type Example, flat, testOf } from "./example.ts";
import { largest, linearFit, shareEqual } from "./measures.ts";
import { confusion, gallery, grayTile } from "./pictures.ts";

const mnist: Example = {
  name: "mnist",
  area: "vision",
  data: ["mnist"],
  run: async (train) => {
    const trained = await train("mnist");
    const test = testOf(trained);
    const [images, digits] = [flat(test, "image"), flat(test, "digit")];
    const said = largest(trained.model.predict({ image: images })["probs"]!, 10);
    const wrong = said.flatMap((digit, k) => (digit === digits[k] ? [] : [k]));
    return {
      figures: [
        { name: "accuracy", value: shareEqual(said, digits), must: { least: 0.98 } },
        {
          name: "accuracy of least squares",
          value: plainAccuracy(trained.parts.training, test, "image", "digit"),
        },
        { name: "processor seconds", value: trained.seconds },
      ],
      pictures: () => [
        {
          file: "mnist.png",
          content: gallery(
            wrong.slice(0, 24).map((k) => grayTile(images.subarray(784 * k, 784 * (k + 1)), 28, 28, 255)),
            12,
            2,
          ),
        },
      ],
    };
  },
};

const clothes = [
  "T-shirt",
  "trousers",
  "pullover",
  "dress",
  "coat",
  "sandal",
  "shirt",
  "sneaker",
  "bag",
  "boot",
];

const fashion: Example = {
  name: "fashion",
  area: "vision",
  data: ["fashion_mnist"],
  run: async (train) => {
    const trained = await train("fashion");
    const test = testOf(trained);
    const kinds = flat(test, "kind");
    const said = largest(trained.model.predict({ image: flat(test, "image") })["probs"]!, 10);
    return {
      figures: [
        { name: "accuracy", value: shareEqual(said, kinds), must: { least: 0.87 } },
        { name: "processor seconds", value: trained.seconds, must: { most: 300 } },
        {
          name: "accuracy of least squares",
          value: plainAccuracy(trained.parts.training, test, "image", "kind"),
        },
      ],
      pictures: () => [
        {
          file: "fashion.svg",
          content: confusion("What each piece of clothing (row) is taken for (column)", clothes, kinds, said),
        },
      ],
    };
  },
};

/** One linear score for each class, from every second pixel of every second row. */
function plainAccuracy(
  training: Parameters<typeof flat>[0],
  test: Parameters<typeof flat>[0],
  image: string,
  label: string,
): number {
  const pixels = (data: typeof training) => {
    const all = flat(data, image);
    const kept = new Float32Array(data.count * 196);
    for (let k = 0; k < data.count; k += 1)
      for (let y = 0; y < 14; y += 1)
        for (let x = 0; x < 14; x += 1) kept[196 * k + 14 * y + x] = all[784 * k + 56 * y + 2 * x]! / 255;
    return kept;
  };
  const labels = flat(training, label);
  const wanted = new Float32Array(10 * training.count);
  labels.forEach((kind, k) => (wanted[10 * k + kind] = 1));
  const guess = linearFit(pixels(training), wanted, 196, 10, 1e-3)(pixels(test));
  return shareEqual(largest(guess, 10), flat(test, label));
}

export const vision: readonly Example[] = [mnist, fashion];
