/** Owns the page: trains the network of `spirals.nn`, and shows after every epoch what it makes of each point. */
import { Spirals } from "./spirals.nn";
import { spirals } from "./points.ts";

const canvas = document.querySelector("canvas")!;
const output = document.querySelector("output")!;
const context = canvas.getContext("2d")!;
const { width, height } = canvas;

const data = spirals(400);
const pixels = new Float32Array(2 * width * height).map((_, k) => {
  const pixel = k >> 1;
  return k % 2 === 0 ? (2 * (pixel % width)) / width - 1 : (2 * Math.floor(pixel / width)) / height - 1;
});

const network = await Spirals.create();

function show(epoch: number): void {
  const { probs } = network.predict({ point: pixels });
  const image = context.createImageData(width, height);
  for (let k = 0; k < width * height; k += 1) {
    const share = probs[2 * k]!;
    image.data.set([40 + 200 * share, 110, 240 - 200 * share, 255], 4 * k);
  }
  context.putImageData(image, 0, 0);
  data.arm.forEach((which, k) => {
    context.fillStyle = which === 0 ? "#ffd9c7" : "#cfe0ff";
    context.fillRect(
      ((data.point[2 * k]! + 1) * width) / 2,
      ((data.point[2 * k + 1]! + 1) * height) / 2,
      1,
      1,
    );
  });
  const { accuracy } = network.evaluate(data);
  output.textContent = `epoch ${epoch}: ${(100 * accuracy).toFixed(1)}% of the points are told apart`;
}

async function train(): Promise<void> {
  await network.fit(data, { yieldEvery: 10, onEpoch: ({ epoch }) => show(epoch) });
}

// The network was exchanged because its file changed: it keeps what still fits, and goes on from there.
addEventListener("nnc:reload", () => void train());

show(0);
void train();
