/** Owns the formats of data by name, how a file shows which it is of, and the options each takes in a recipe. */
import { Problem } from "../problem.ts";

export const formats = ["csv", "jsonl", "series", "text", "idx", "npy", "images", "sounds"] as const;
export type Format = (typeof formats)[number];

/** Named arguments of a source that are no inputs or targets. */
export const optionsOf: Readonly<Record<Format, readonly string[]>> = {
  csv: ["sequence", "window"],
  jsonl: [],
  series: ["window", "horizon", "stride", "from", "to"],
  text: ["characters", "words", "window", "stride"],
  idx: [],
  npy: [],
  images: [],
  sounds: ["rate"],
};

/** Whether a file of this format holds one array, for one input or target. */
export function holdsOneArray(format: Format | null): boolean {
  return format === "idx" || format === "npy";
}

/** What the name of a file says; null where it says nothing. */
export function formatOf(path: string): Format | null {
  const plain = path.toLowerCase().replace(/\.gz$/, "");
  if (/\.(csv|tsv)$/.test(plain)) return "csv";
  if (/\.(jsonl|ndjson)$/.test(plain)) return "jsonl";
  if (/\.npy$/.test(plain)) return "npy";
  if (/(\.idx|-ubyte|\.idx\d-ubyte)$/.test(plain)) return "idx";
  if (/\.png$/.test(plain)) return "images";
  if (/\.wav$/.test(plain)) return "sounds";
  return null;
}

/** What the first bytes of a file say. */
export function sniffFormat(path: string, bytes: Uint8Array): Format {
  if (bytes[0] === 0x93 && bytes[1] === 0x4e) return "npy";
  if (bytes[0] === 0 && bytes[1] === 0) return "idx";
  if (bytes[0] === 0x7b) return "jsonl";
  if (!bytes.subarray(0, 4096).includes(0)) return "csv";
  throw new Problem(
    `${path}: this is no data that can be read: there are ${formats.join(", ")}, also packed as .gz`,
    { exitCode: 1 },
  );
}
