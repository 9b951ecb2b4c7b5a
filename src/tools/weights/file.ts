/** Owns weights files as the tools handle them: read by path, narrowed to a type of number, written whole. */
import { decodeTensors, joinTensors, type StoredTensor, type TensorFile } from "../../runtime/safetensors.ts";
import { trainingPrefix } from "../../runtime/weights.ts";
import { readBytes } from "../files/read.ts";
import { writeWhole } from "../files/write.ts";
import { Problem } from "../problem.ts";

export const numberTypes = ["f32", "f64", "f16", "bf16"] as const;
export type NumberType = (typeof numberTypes)[number];

export async function readTensors(path: string): Promise<TensorFile> {
  const bytes = await readBytes(path);
  try {
    return decodeTensors(bytes);
  } catch (error) {
    throw new Problem(`${path}: ${error instanceof Error ? error.message : String(error)}`, { exitCode: 1 });
  }
}

/** Without `type` each tensor keeps its width. */
export async function writeTensors(path: string, file: TensorFile, type?: NumberType): Promise<void> {
  const parts = [...file.tensors].map(([name, { shape, values }]) => {
    const chosen = type ?? (values.BYTES_PER_ELEMENT === 8 ? "f64" : "f32");
    return { name, shape, dtype: chosen.toUpperCase(), bytes: bytesOf(values, chosen) };
  });
  await writeWhole(path, joinTensors(parts, file.metadata));
}

/** What a network is used with: without what only training goes on from. */
export function forUse({ tensors, metadata }: TensorFile): TensorFile {
  const kept = [...tensors].filter(([name]) => !name.startsWith(trainingPrefix));
  return {
    tensors: new Map(kept),
    metadata: Object.fromEntries(Object.entries(metadata).filter(([key]) => key !== "training")),
  };
}

export function shapeText({ shape }: Pick<StoredTensor, "shape">): string {
  return `[${shape.join(", ")}]`;
}

function bytesOf(values: StoredTensor["values"], type: NumberType): Uint8Array {
  const bytes = { f64: 8, f32: 4, f16: 2, bf16: 2 }[type];
  const data = new Uint8Array(values.length * bytes);
  const view = new DataView(data.buffer);
  for (let i = 0; i < values.length; i += 1) {
    const [value, at] = [values[i]!, i * bytes];
    if (type === "f64") view.setFloat64(at, value, true);
    else if (type === "f32") view.setFloat32(at, value, true);
    else view.setUint16(at, type === "f16" ? halfBits(value) : brainBits(value), true);
  }
  return data;
}

/** The nearest binary16, of two the even one; infinity from 65,520 on. */
export function halfBits(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(value)) return 0x7e00;
  if (size >= 65520) return sign | 0x7c00;
  const exponent = Math.max(Math.floor(Math.log2(size)), -14);
  // Just below a power of two the logarithm may round up to it; the fraction then carries itself into place.
  const scaled = (size / 2 ** exponent) * 1024;
  const fraction = roundHalfToEven(scaled);
  return sign | (((exponent + 14) * 1024 + fraction) & 0x7fff);
}

/** The nearest number whose single precision ends in sixteen zeros, of two the even one. */
export function brainBits(value: number): number {
  if (Number.isNaN(value)) return 0x7fc0;
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  const bits = view.getUint32(0);
  return (roundHalfToEven(bits / 2 ** 16) & 0xffff) >>> 0;
}

function roundHalfToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}
