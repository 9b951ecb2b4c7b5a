/**
 * Owns the safetensors format: eight bytes with the length of a JSON header, the header, and the numbers. What is read
 * here comes from anywhere, so nothing of it is believed.
 */
import type { Floats } from "./plan.ts";
import { sizeOf } from "./layout.ts";

/** Row-major. */
export interface StoredTensor {
  readonly shape: readonly number[];
  readonly values: Floats;
}

export interface TensorFile {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

export function encodeTensors({ tensors, metadata }: TensorFile): Uint8Array {
  let end = 0;
  const header: Record<string, unknown> = { __metadata__: metadata };
  for (const [name, { shape, values }] of tensors) {
    const dtype = values.BYTES_PER_ELEMENT === 8 ? "F64" : "F32";
    header[name] = { dtype, shape, data_offsets: [end, end + values.byteLength] };
    end += values.byteLength;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const start = 8 + Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(start + end).fill(32, 8, start);
  new DataView(bytes.buffer).setUint32(0, start - 8, true);
  bytes.set(text, 8);
  let at = start;
  for (const { values } of tensors.values()) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  return bytes;
}

/** @throws with what is wrong where the bytes are no whole safetensors file of numbers with 32 or 64 bits. */
export function decodeTensors(bytes: Uint8Array): TensorFile {
  if (!(bytes instanceof Uint8Array)) throw notWeights("give its bytes as a Uint8Array");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8) throw notWeights(`it holds ${bytes.length} bytes`);
  const length = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32;
  const start = 8 + length;
  if (start > bytes.length)
    throw notWeights(
      `its header should take ${length} bytes, but ${bytes.length - 8} follow: cut off, or foreign`,
    );
  const { __metadata__: metadata, ...entries } = parseHeader(bytes.subarray(8, start));
  const size = bytes.length - start;
  const places = Object.entries(entries).map(([name, entry]) => placeOf(name, entry));
  let end = 0;
  for (const place of [...places].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (place.begin < end) throw notWeights(`${place.name} overlaps another tensor`);
    if (place.begin > end) throw notWeights(`nothing says what the bytes before ${place.name} are`);
    end = place.end;
  }
  if (end > size) throw notWeights(`its tensors take ${end} bytes, but ${size} follow: it was cut off`);
  if (end < size) throw notWeights(`its tensors take ${end} bytes, but ${size} follow`);
  const tensors = new Map<string, StoredTensor>();
  for (const { name, shape, wide, begin } of places) {
    const values = wide ? new Float64Array(sizeOf(shape)) : new Float32Array(sizeOf(shape));
    const at = start + begin;
    for (let i = 0; i < values.length; i += 1)
      values[i] = wide ? view.getFloat64(at + 8 * i, true) : view.getFloat32(at + 4 * i, true);
    tensors.set(name, { shape, values });
  }
  return { tensors, metadata: textsOf(metadata) };
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw notWeights("its header is not JSON");
  }
  if (typeof header !== "object" || header === null || Array.isArray(header))
    throw notWeights("its header is not a JSON object");
  return header as Record<string, unknown>;
}

interface Place {
  readonly name: string;
  readonly shape: readonly number[];
  readonly wide: boolean;
  readonly begin: number;
  readonly end: number;
}

function placeOf(name: string, entry: unknown): Place {
  const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Record<string, unknown>;
  if (dtype !== "F32" && dtype !== "F64")
    throw notWeights(`${name} is of type ${JSON.stringify(dtype) ?? "unknown"}; F32 and F64 can be read`);
  if (!areSizes(shape) || !areSizes(offsets) || offsets.length !== 2)
    throw notWeights(`the shape or the place of ${name} makes no sense`);
  const [begin, end] = offsets as [number, number];
  const wide = dtype === "F64";
  if (end - begin !== sizeOf(shape) * (wide ? 8 : 4))
    throw notWeights(`${name} takes ${end - begin} bytes, which do not fit its shape [${shape.join(", ")}]`);
  return { name, shape, wide, begin, end };
}

function areSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((one) => Number.isSafeInteger(one) && one >= 0);
}

function textsOf(metadata: unknown): Record<string, string> {
  if (typeof metadata !== "object" || metadata === null) return {};
  return Object.fromEntries(Object.entries(metadata).filter(([, text]) => typeof text === "string"));
}

function notWeights(reason: string): Error {
  return new Error(`this is not a safetensors file: ${reason}`);
}
