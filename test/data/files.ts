/** Owns small data files for tests: a folder of its own, writers of the binary formats, and ways to load them. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DataSource } from "../../src/ir/network.ts";
import type { Slot } from "../../src/tools/data/dataset.ts";
import { type LoadRequest, loadData } from "../../src/tools/data/load.ts";

export function folder(): string {
  return mkdtempSync(join(tmpdir(), "nnc-"));
}

export function put(base: string, name: string, content: string | Uint8Array): string {
  const path = join(base, name);
  writeFileSync(path, content);
  return path;
}

/** An IDX file of bytes; `extents` may lie. */
export function idx(extents: readonly number[], values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * extents.length + values.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(2, 0x08);
  view.setUint8(3, extents.length);
  extents.forEach((extent, axis) => view.setUint32(4 + 4 * axis, extent));
  bytes.set(values, 4 + 4 * extents.length);
  return bytes;
}

/** A version 1 NPY file of little-endian 32-bit floats. */
export function npy(extents: readonly number[], values: readonly number[], order = "False"): Uint8Array {
  const shape = `(${extents.join(", ")}${extents.length === 1 ? "," : ""})`;
  const header = `{'descr': '<f4', 'fortran_order': ${order}, 'shape': ${shape}, }`.padEnd(117) + "\n";
  const bytes = new Uint8Array(10 + header.length + 4 * values.length);
  const view = new DataView(bytes.buffer);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  view.setUint16(8, header.length, true);
  bytes.set(new TextEncoder().encode(header), 10);
  values.forEach((value, place) => view.setFloat32(10 + header.length + 4 * place, value, true));
  return bytes;
}

export function input(name: string, shape: readonly number[], classes: number | null = null): Slot {
  return { name, role: "input", shape, size: shape.reduce((a, b) => a * b, 1), steps: null, classes };
}

export function target(name: string, classes: number | null, shape: readonly number[] = []): Slot {
  return { ...input(name, shape, classes), role: "target" };
}

/** A WAV file of 16-bit PCM; `code` may lie. */
export function wav({
  samples,
  channels = 1,
  rate = 8000,
  code = 1,
}: {
  readonly samples: readonly number[];
  readonly channels?: number;
  readonly rate?: number;
  readonly code?: number;
}): Uint8Array {
  const bytes = new Uint8Array(44 + 2 * samples.length);
  const view = new DataView(bytes.buffer);
  const tag = (at: number, text: string) => bytes.set(new TextEncoder().encode(text), at);
  tag(0, "RIFF");
  view.setUint32(4, bytes.length - 8, true);
  tag(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, code, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, 2 * channels * rate, true);
  view.setUint16(32, 2 * channels, true);
  view.setUint16(34, 16, true);
  tag(36, "data");
  view.setUint32(40, 2 * samples.length, true);
  samples.forEach((sample, place) => view.setInt16(44 + 2 * place, sample, true));
  return bytes;
}

export function source(
  format: string,
  positional: readonly string[],
  named: DataSource["named"] = {},
): DataSource {
  const nowhere = { source: { name: "test.nn", text: "" }, start: 0, end: 0 };
  return { kind: "source", format, positional, named, span: nowhere };
}

export function load(request: Partial<LoadRequest> & Pick<LoadRequest, "slots">) {
  return loadData({ source: null, base: "", given: [], targets: "required", labels: {}, ...request });
}

export async function refusal(loading: Promise<unknown>): Promise<string> {
  return loading.then(
    () => "",
    (problem: Error) => `${problem.name}: ${problem.message}`,
  );
}
