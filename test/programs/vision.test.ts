/** The programs of vision, small: they compile, and what they minimize falls on data at random. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { check } from "../../src/check/check.ts";
import type { Port } from "../../src/ir/network.ts";
import { type Batch, classOf, machines } from "../support/machine.ts";

const samples = 4;

/** The program in small batches. */
function program(name: string): string {
  const text = readFileSync(new URL(`north-star/${name}.nn`, import.meta.url), "utf8");
  return text.replace(/batch: +\d+/, `batch: ${samples}`);
}

function numbers({ type }: Port): number[] {
  const size = type.shape.slice(1).reduce((product, { constant }) => product * constant, samples);
  const { element } = type;
  return Array.from({ length: size }, (_, place) => {
    const mixed = Math.imul(place + 1, 2654435761) >>> 8;
    return element.kind === "index" ? mixed % element.size : (mixed % 1000) / 1000;
  });
}

it.each([
  ["resnet", "ResNet", { width: "4", depth: "1" }],
  ["segment", "Segment", { width: "4" }],
  ["detect", "Detect", { cells: "3" }],
])("%s learns", { timeout: 120_000 }, async (file, name, set) => {
  const text = program(file);
  const { network, diagnostics } = check(file, new Map([[file, { name: file, text }]]), { set });
  expect(diagnostics).toEqual([]);
  const ports = [...network!.inputs, ...network!.targets];
  const batch: Batch = Object.fromEntries(ports.map((port) => [port.name, numbers(port)]));
  const simd = machines.find(({ kernels }) => kernels === "simd")!;
  const model = await (await classOf(text, name, simd, set)).create({ seed: 1 });
  const losses = Array.from({ length: 8 }, () => model.step(batch)["loss"]!);
  expect(losses.at(-1)).toBeLessThan(losses[0]!);
});
