/** Owns composed scenes: items of MNIST and Fashion-MNIST on textured ground, everything about them known; seeded. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { readIdx } from "../../src/tools/data/idx.ts";

export const side = 64;
export const cells = 8;
const item = 28;

interface Items {
  readonly count: number;
  readonly images: ArrayLike<number>;
  readonly kinds: ArrayLike<number>;
}

/** What is drawn, in the places of whole pixels. */
interface Placed {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
  readonly kind: number;
  /** Brightness from 0 to 1 at a pixel of the scene. */
  readonly at: (y: number, x: number) => number;
}

/** Numbers from 0 to 1 (Steele's splitmix with 32 bits). */
export function drawing(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = state ^ (state >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z ^= z >>> 15;
    z = Math.imul(z, 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 2 ** 32;
  };
}

async function itemsOf(folder: string, part: "train" | "test"): Promise<Items> {
  const read = async (name: string) =>
    readIdx(name, gunzipSync(await readFile(join(folder, `${part}-${name}-ubyte.gz`))));
  const images = await read("images-idx3");
  return { count: images.count, images: images.values, kinds: (await read("labels-idx1")).values };
}

/** Scenes to find digits in: one to three, of 18 to 28 pixels, none over another. */
export async function composeDetection(
  digits: string,
  out: string,
  scenes: number,
  tests: number,
): Promise<void> {
  for (const [part, count, prefix, seed] of [
    ["train", scenes, "", 1],
    ["test", tests, "test-", 2],
  ] as const) {
    const items = await itemsOf(digits, part);
    const draw = drawing(seed);
    const images = new Float32Array(count * side * side);
    const there = new Float32Array(count * cells * cells);
    const boxes = new Float32Array(count * cells * cells * 4);
    const kinds = new Float32Array(count * cells * cells);
    for (let scene = 0; scene < count; scene += 1) {
      const placed = place(items, 1 + Math.floor(3 * draw()), draw, () => 18 + Math.floor(11 * draw()), 0);
      images.set(render(placed, draw), scene * side * side);
      for (const { top, left, height, width, kind } of placed) {
        const [y, x] = [(top + height / 2) / (side / cells), (left + width / 2) / (side / cells)];
        const cell = scene * cells * cells + Math.floor(y) * cells + Math.floor(x);
        there[cell] = 1;
        kinds[cell] = kind;
        boxes.set([y - Math.floor(y), x - Math.floor(x), height / side, width / side], 4 * cell);
      }
    }
    await writeArrays(out, prefix, {
      images: [[count, side, side, 1], images],
      there: [[count, cells, cells], there],
      boxes: [[count, cells, cells, 4], boxes],
      kinds: [[count, cells, cells], kinds],
    });
  }
}

/** 1 for what is worn on the body, 2 for shoes and bags. */
const regionOf = [1, 1, 1, 1, 1, 2, 1, 2, 2, 2];

/** Scenes to tell apart pixel by pixel: two to four clothes, which may cover each other, the later above. */
export async function composeSegmentation(
  clothes: string,
  out: string,
  scenes: number,
  tests: number,
): Promise<void> {
  for (const [part, count, prefix, seed] of [
    ["train", scenes, "", 3],
    ["test", tests, "test-", 4],
  ] as const) {
    const items = await itemsOf(clothes, part);
    const draw = drawing(seed);
    const images = new Float32Array(count * side * side);
    const regions = new Float32Array(count * side * side);
    for (let scene = 0; scene < count; scene += 1) {
      const placed = place(items, 2 + Math.floor(3 * draw()), draw, () => 24 + Math.floor(9 * draw()), 0.25);
      images.set(render(placed, draw), scene * side * side);
      for (const { top, left, height, width, kind, at } of placed)
        for (let y = top; y < top + height; y += 1)
          for (let x = left; x < left + width; x += 1)
            if (at(y, x) > solid) regions[scene * side * side + y * side + x] = regionOf[kind]!;
    }
    await writeArrays(out, prefix, {
      images: [[count, side, side, 1], images],
      regions: [[count, side, side], regions],
    });
  }
}

/** How bright a pixel of an item is that hides what lies behind it. */
const solid = 0.15;

/** Items at random places, so that no two boxes share more than a part of the smaller. */
function place(
  items: Items,
  wanted: number,
  draw: () => number,
  size: () => number,
  overlap: number,
): readonly Placed[] {
  const placed: Placed[] = [];
  for (let attempt = 0; attempt < 50 && placed.length < wanted; attempt += 1) {
    const [which, scale] = [Math.floor(draw() * items.count), size() / item];
    const one = scaled(items, which, scale, draw);
    const shared = (other: Placed) =>
      Math.max(0, Math.min(one.top + one.height, other.top + other.height) - Math.max(one.top, other.top)) *
      Math.max(0, Math.min(one.left + one.width, other.left + other.width) - Math.max(one.left, other.left));
    const sameCell = (other: Placed) => cellOf(one) === cellOf(other);
    const fits = placed.every(
      (other) =>
        !sameCell(other) &&
        shared(other) <= overlap * Math.min(one.height * one.width, other.height * other.width),
    );
    if (fits) placed.push(one);
  }
  return placed;
}

function cellOf({ top, left, height, width }: Placed): number {
  const step = side / cells;
  return Math.floor((top + height / 2) / step) * cells + Math.floor((left + width / 2) / step);
}

/** An item resized (bilinear), its box as tight as its ink. */
function scaled({ images, kinds }: Items, which: number, scale: number, draw: () => number): Placed {
  const ink = (y: number, x: number) =>
    y < 0 || x < 0 || y > item - 1 || x > item - 1 ? 0 : images[which * item * item + y * item + x]! / 255;
  const value = (y: number, x: number) => {
    const [v, u] = [(y + 0.5) / scale - 0.5, (x + 0.5) / scale - 0.5];
    const [i, j] = [Math.floor(v), Math.floor(u)];
    const [a, b] = [v - i, u - j];
    return (
      (1 - a) * ((1 - b) * ink(i, j) + b * ink(i, j + 1)) +
      a * ((1 - b) * ink(i + 1, j) + b * ink(i + 1, j + 1))
    );
  };
  const size = Math.round(item * scale);
  const rows = Array.from({ length: size }, (_, y) => y).filter((y) =>
    Array.from({ length: size }, (_, x) => value(y, x)).some((one) => one > solid),
  );
  const columns = Array.from({ length: size }, (_, x) => x).filter((x) =>
    Array.from({ length: size }, (_, y) => value(y, x)).some((one) => one > solid),
  );
  const [firstRow, firstColumn] = [rows[0] ?? 0, columns[0] ?? 0];
  const [height, width] = [(rows.at(-1) ?? 0) - firstRow + 1, (columns.at(-1) ?? 0) - firstColumn + 1];
  const [top, left] = [Math.floor(draw() * (side - height + 1)), Math.floor(draw() * (side - width + 1))];
  const at = (y: number, x: number) => value(y - top + firstRow, x - left + firstColumn);
  return { top, left, height, width, kind: kinds[which]!, at };
}

/** Waves and grain, and the items on them. */
function render(placed: readonly Placed[], draw: () => number): Float32Array {
  const [fy, fx, phase, strength] = [draw() * 0.8, draw() * 0.8, draw() * 6.28, 0.1 + 0.1 * draw()];
  const pixels = Float32Array.from({ length: side * side }, (_, k) => {
    const [y, x] = [Math.floor(k / side), k % side];
    return strength * (1 + Math.sin(fy * y + fx * x + phase)) + 0.1 * draw();
  });
  for (const { top, left, height, width, at } of placed)
    for (let y = top; y < top + height; y += 1)
      for (let x = left; x < left + width; x += 1) {
        const ink = at(y, x);
        if (ink > solid) pixels[y * side + x] = ink;
      }
  return pixels;
}

async function writeArrays(
  out: string,
  prefix: string,
  arrays: Readonly<Record<string, readonly [readonly number[], Float32Array]>>,
): Promise<void> {
  await mkdir(out, { recursive: true });
  for (const [name, [shape, values]] of Object.entries(arrays))
    await writeFile(join(out, `${prefix}${name}.npy`), npy(shape, values));
}

/** NumPy's format, version 1, little-endian 32-bit floats. */
function npy(shape: readonly number[], values: Float32Array): Uint8Array {
  const told = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(", ")}), }`;
  const header = `${told.padEnd(Math.ceil((told.length + 11) / 64) * 64 - 11)}\n`;
  const bytes = new Uint8Array(10 + header.length + values.byteLength);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  new DataView(bytes.buffer).setUint16(8, header.length, true);
  bytes.set(new TextEncoder().encode(header), 10);
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), 10 + header.length);
  return bytes;
}

/** Whether a folder of scenes has been written. */
export function isComposed(out: string): boolean {
  return existsSync(join(out, "test-images.npy"));
}
