/** Owns the examples on composed scenes: digits found and named, pixels told apart. */
import { join } from "node:path";
import { cells, composeDetection, composeSegmentation, isComposed, side } from "./compose.ts";
import { type Example, flat, testOf } from "./example.ts";
import { type Tile, gallery, grayTile } from "./pictures.ts";

interface Box {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
  readonly kind: number;
  readonly score: number;
}

const detect: Example = {
  name: "detect",
  area: "detection",
  data: ["scenes/detect"],
  needs: ["mnist"],
  prepare: async (source, base, short) => {
    const out = join(base, "data/scenes/detect");
    const [many, few] = short === null ? [3000, 500] : [short.samples, 8];
    if (!isComposed(out)) await composeDetection(source("mnist"), out, many, few);
  },
  run: async (train) => {
    const trained = await train("detect");
    const test = testOf(trained);
    const images = flat(test, "image");
    const { confidence, boxes, kinds } = trained.model.predict({ image: images });
    const truth = Array.from({ length: test.count }, (_, scene) =>
      boxesOf(flat(test, "there"), flat(test, "box"), flat(test, "kind"), scene, 0.5),
    );
    const said = Array.from({ length: test.count }, (_, scene) =>
      apart(boxesOf(confidence!, boxes!, kinds!, scene, 0.5)),
    );
    return {
      figures: [
        { name: "F1 at IoU 0.5, kinds right", value: f1(truth, said, true), must: { least: 0.9 } },
        { name: "F1 at IoU 0.5, of boxes alone", value: f1(truth, said, false) },
        { name: "processor seconds", value: trained.seconds },
      ],
      pictures: () => [
        {
          file: "detect.png",
          content: gallery(
            Array.from({ length: 16 }, (_, scene) =>
              framed(
                grayTile(images.subarray(scene * side * side, (scene + 1) * side * side), side, side, 1),
                said[scene] ?? [],
              ),
            ),
            8,
            2,
          ),
        },
      ],
    };
  },
};

function boxesOf(
  there: ArrayLike<number>,
  places: ArrayLike<number>,
  kinds: ArrayLike<number>,
  scene: number,
  threshold: number,
): readonly Box[] {
  return Array.from({ length: cells * cells }, (_, cell) => scene * cells * cells + cell)
    .filter((cell) => there[cell]! > threshold)
    .map((cell) => {
      const [row, column] = [Math.floor((cell % (cells * cells)) / cells), cell % cells];
      const [y, x, h, w] = [0, 1, 2, 3].map((k) => places[4 * cell + k]!) as [number, number, number, number];
      const [middle, center] = [(row + y) * (side / cells), (column + x) * (side / cells)];
      const [high, wide] = [(h * side) / 2, (w * side) / 2];
      return {
        top: middle - high,
        bottom: middle + high,
        left: center - wide,
        right: center + wide,
        kind: kinds[cell]!,
        score: there[cell]!,
      };
    });
}

/** Of boxes that share more than half the surest one. */
function apart(boxes: readonly Box[]): readonly Box[] {
  const kept: Box[] = [];
  for (const box of [...boxes].sort((a, b) => b.score - a.score))
    if (kept.every((other) => overlap(box, other) < 0.5)) kept.push(box);
  return kept;
}

/** What two boxes share, divided by what they cover together. */
function overlap(a: Box, b: Box): number {
  const high = Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));
  const wide = Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left));
  const area = (box: Box) => (box.bottom - box.top) * (box.right - box.left);
  return (high * wide) / (area(a) + area(b) - high * wide);
}

function f1(truth: readonly (readonly Box[])[], said: readonly (readonly Box[])[], named: boolean): number {
  let [hits, all] = [0, 0];
  truth.forEach((boxes, scene) => {
    const guesses = said[scene]!;
    const free = new Set(boxes);
    for (const guess of guesses) {
      const hit = [...free].find((box) => overlap(box, guess) >= 0.5 && (!named || box.kind === guess.kind));
      if (hit === undefined) continue;
      free.delete(hit);
      hits += 1;
    }
    all += boxes.length + guesses.length;
  });
  return all === 0 ? 0 : (2 * hits) / all;
}

/** A tile with the edges of boxes in orange. */
function framed(tile: Tile, boxes: readonly Box[]): Tile {
  const pixels = tile.pixels.slice();
  const paint = (y: number, x: number) => {
    const [row, column] = [Math.round(y), Math.round(x)];
    if (row >= 0 && column >= 0 && row < tile.rows && column < tile.columns)
      pixels.set([255, 140, 0], 3 * (row * tile.columns + column));
  };
  for (const { top, bottom, left, right } of boxes) {
    for (let x = left; x <= right; x += 1) [top, bottom].forEach((y) => paint(y, x));
    for (let y = top; y <= bottom; y += 1) [left, right].forEach((x) => paint(y, x));
  }
  return { ...tile, pixels };
}

const segment: Example = {
  name: "segment",
  area: "segmentation",
  data: ["scenes/segment"],
  needs: ["fashion_mnist"],
  prepare: async (source, base, short) => {
    const out = join(base, "data/scenes/segment");
    const [many, few] = short === null ? [1000, 200] : [short.samples, 8];
    if (!isComposed(out)) await composeSegmentation(source("fashion_mnist"), out, many, few);
  },
  run: async (train) => {
    const trained = await train("segment");
    const test = testOf(trained);
    const [images, truth] = [flat(test, "image"), flat(test, "region")];
    const { regions } = trained.model.predict({ image: images });
    const bright = truth.map((_, k) => (images[k]! > 0.4 ? 1 : 0));
    return {
      figures: [
        { name: "mean IoU", value: meanIou(truth, regions!, 3), must: { least: 0.85 } },
        { name: "mean IoU of a threshold", value: meanIou(truth, bright, 3) },
        { name: "processor seconds", value: trained.seconds },
      ],
      pictures: () => [
        {
          file: "segment.png",
          content: gallery(
            [0, 1, 2].flatMap((row) =>
              Array.from({ length: 8 }, (_, scene) => {
                const part = (from: ArrayLike<number>) =>
                  Array.from({ length: side * side }, (_, k) => from[scene * side * side + k]!);
                return row === 0
                  ? grayTile(part(images), side, side, 1)
                  : regionTile(part(row === 1 ? truth : regions!));
              }),
            ),
            8,
            2,
          ),
        },
      ],
    };
  },
};

/** The mean over classes of what is said and true, divided by what is said or true. */
function meanIou(truth: ArrayLike<number>, said: ArrayLike<number>, classes: number): number {
  const [both, either] = [new Float64Array(classes), new Float64Array(classes)];
  for (let k = 0; k < truth.length; k += 1) {
    either[truth[k]!]! += 1;
    if (truth[k] === said[k]) both[truth[k]!]! += 1;
    else either[said[k]!]! += 1;
  }
  return both.reduce((sum, count, kind) => sum + count / either[kind]!, 0) / classes;
}

const regionColors = [
  [40, 44, 48],
  [52, 101, 164],
  [204, 85, 0],
] as const;

function regionTile(regions: readonly number[]): Tile {
  const pixels = new Uint8Array(3 * side * side);
  regions.forEach((region, k) => pixels.set(regionColors[region]!, 3 * k));
  return { rows: side, columns: side, pixels };
}

export const scenes: readonly Example[] = [detect, segment];
