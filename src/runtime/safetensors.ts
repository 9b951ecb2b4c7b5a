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
  /** The type of its numbers in the file it came from. */
  readonly dtype?: string;
}

export interface TensorFile {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Bytes of a number of each type that can be read, and how it is. Those wider than single precision become doubles. */
const numberTypes: Readonly<
  Record<string, readonly [bytes: number, wide: boolean, read: (view: DataView, at: number) => number]>
> = {
  F64: [8, true, (view, at) => view.getFloat64(at, true)],
  F32: [4, false, (view, at) => view.getFloat32(at, true)],
  F16: [2, false, (view, at) => halfFloat(view.getUint16(at, true))],
  // The upper half of an F32.
  BF16: [2, false, (view, at) => floatOf(view.getUint16(at, true) * 2 ** 16)],
  I64: [8, true, (view, at) => Number(view.getBigInt64(at, true))],
  U64: [8, true, (view, at) => Number(view.getBigUint64(at, true))],
  I32: [4, true, (view, at) => view.getInt32(at, true)],
  U32: [4, true, (view, at) => view.getUint32(at, true)],
  I16: [2, false, (view, at) => view.getInt16(at, true)],
  U16: [2, false, (view, at) => view.getUint16(at, true)],
  I8: [1, false, (view, at) => view.getInt8(at)],
  U8: [1, false, (view, at) => view.getUint8(at)],
  BOOL: [1, false, (view, at) => view.getUint8(at)],
};

/** One sign, five bits of exponent, ten of fraction (IEEE 754, binary16). */
function halfFloat(bits: number): number {
  const sign = bits >>> 15 === 0 ? 1 : -1;
  const exponent = (bits >>> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

function floatOf(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, bits);
  return view.getFloat32(0);
}

export function encodeTensors({ tensors, metadata }: TensorFile): Uint8Array {
  const parts = [...tensors].map(([name, { shape, values }]) => {
    const dtype = values.BYTES_PER_ELEMENT === 8 ? "F64" : "F32";
    return { name, dtype, shape, bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength) };
  });
  return joinTensors(parts, metadata);
}

/** The file of numbers that are bytes already. */
export function joinTensors(
  parts: readonly {
    readonly name: string;
    readonly dtype: string;
    readonly shape: readonly number[];
    readonly bytes: Uint8Array;
  }[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  let end = 0;
  const entries = parts.map(({ name, dtype, shape, bytes }) => {
    end += bytes.length;
    return [name, { dtype, shape, data_offsets: [end - bytes.length, end] }];
  });
  const header = Object.fromEntries([["__metadata__", metadata], ...entries]) as unknown;
  const text = new TextEncoder().encode(JSON.stringify(header));
  const start = 8 + Math.ceil(text.length / 8) * 8;
  const file = new Uint8Array(start + end).fill(32, 8, start);
  new DataView(file.buffer).setUint32(0, start - 8, true);
  file.set(text, 8);
  let at = start;
  for (const { bytes } of parts) {
    file.set(bytes, at);
    at += bytes.length;
  }
  return file;
}

/** As the format has it: who reads a header must hold all of it. */
const headerLimit = 100_000_000;

/** @throws with what is wrong where the bytes are no whole safetensors file of numbers. */
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
  if (length > headerLimit)
    throw notWeights(`its header takes ${length} bytes, and ${headerLimit} are the most that any may`);
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
  for (const { name, shape, dtype, begin } of places) {
    const [bytes, wide, read] = numberTypes[dtype]!;
    const values = wide ? new Float64Array(sizeOf(shape)) : new Float32Array(sizeOf(shape));
    const at = start + begin;
    for (let i = 0; i < values.length; i += 1) values[i] = read(view, at + bytes * i);
    tensors.set(name, { shape, dtype, values });
  }
  return { tensors, metadata: textsOf(metadata) };
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  let header: unknown;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    checkNesting(text);
    header = JSON.parse(text);
  } catch (error) {
    if (error instanceof Error && error.message.startsWith(refusal)) throw error;
    throw notWeights("its header is not JSON");
  }
  if (typeof header !== "object" || header === null || Array.isArray(header))
    throw notWeights("its header is not a JSON object");
  return header as Record<string, unknown>;
}

/** JSON.parse takes the last of equal keys and any depth; a header holds lists in entries in one object, each key once. */
function checkNesting(text: string): void {
  const open: (Set<string> | null)[] = [];
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"(?:\s*:)?|[{}[\]]/gs)) {
    if (token === "{" || token === "[") {
      if (open.length === 3) throw notWeights("its header is nested more than 3 deep");
      open.push(token === "{" ? new Set() : null);
    } else if (token === "}" || token === "]") open.pop();
    else if (token.endsWith(":")) {
      const key = JSON.parse(token.slice(0, -1)) as string;
      const keys = open.at(-1);
      if (keys?.has(key) === true) throw notWeights(`its header says ${JSON.stringify(key)} twice`);
      keys?.add(key);
    }
  }
}

interface Place {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly begin: number;
  readonly end: number;
}

function placeOf(name: string, entry: unknown): Place {
  const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Record<string, unknown>;
  if (typeof dtype !== "string" || !Object.hasOwn(numberTypes, dtype)) {
    const readable = Object.keys(numberTypes).join(", ");
    throw notWeights(
      `${name} is of type ${JSON.stringify(dtype) ?? "unknown"}; what can be read: ${readable}`,
    );
  }
  if (!areSizes(shape) || !areSizes(offsets) || offsets.length !== 2)
    throw notWeights(`the shape or the place of ${name} makes no sense`);
  const [begin, end] = offsets as [number, number];
  if (end - begin !== sizeOf(shape) * numberTypes[dtype]![0])
    throw notWeights(`${name} takes ${end - begin} bytes, which do not fit its shape [${shape.join(", ")}]`);
  return { name, shape, dtype, begin, end };
}

function areSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((one) => Number.isSafeInteger(one) && one >= 0);
}

function textsOf(metadata: unknown): Record<string, string> {
  if (typeof metadata !== "object" || metadata === null) return {};
  return Object.fromEntries(Object.entries(metadata).filter(([, text]) => typeof text === "string"));
}

const refusal = "this is not a safetensors file: ";

function notWeights(reason: string): Error {
  return new Error(refusal + reason);
}
