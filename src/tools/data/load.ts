/** Owns loading: from a recipe's `data:` line and the user's `--data` to one data set, whatever the formats. */
import { isAbsolute, join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { DataSource, Static } from "../../ir/network.ts";
import { suggest } from "../../report/suggest.ts";
import { readBytes } from "../files/read.ts";
import { Problem, dataProblem } from "../problem.ts";
import { readCsv } from "./csv.ts";
import { type DataSet, type Numbers, type Slot, fillSlot } from "./dataset.ts";
import { readIdx } from "./idx.ts";
import { fillFromJsonLines } from "./jsonl.ts";
import { readNpy } from "./npy.ts";
import { type Filled, fillFromTable } from "./table.ts";

export const formats = ["csv", "idx", "jsonl", "npy"] as const;
export type Format = (typeof formats)[number];

export interface LoadRequest {
  readonly slots: readonly Slot[];
  /** The recipe's. */
  readonly source: DataSource | null;
  /** The folder that the recipe's paths are relative to. */
  readonly base: string;
  /** `--data`, as given: `PATH` or `NAME=PATH`. */
  readonly given: readonly string[];
  /** Whether every target must be there. */
  readonly targets: "required" | "optional";
  /** Labels that a trained network brought along. */
  readonly labels: Readonly<Record<string, readonly string[]>>;
}

/** One file, for one slot or (a table) for all that are not filled by others. */
interface Piece {
  readonly slot: Slot | null;
  readonly path: string;
  /** Null: to be told from the name or the first bytes. */
  readonly format: Format | null;
  /** Slots to columns, as the recipe names them. */
  readonly named: Readonly<Record<string, string>>;
}

export async function loadData(request: LoadRequest): Promise<DataSet> {
  const pieces = piecesOf(request);
  const single = new Set(pieces.flatMap(({ slot }) => (slot === null ? [] : [slot])));
  const rest = request.slots.filter((slot) => !single.has(slot));
  const columns: Record<string, Numbers> = {};
  const labels: Record<string, readonly string[]> = {};
  let first: { count: number; file: string } | null = null;
  for (const piece of pieces) {
    const filled = await fillPiece(piece, piece.slot === null ? rest : [piece.slot], request);
    if (filled.count === 0) throw dataProblem(piece.path, "the file holds no samples");
    first ??= { count: filled.count, file: piece.path };
    if (filled.count !== first.count) {
      throw dataProblem(
        piece.path,
        `it holds ${filled.count} samples, but ${first.file} holds ${first.count}`,
      );
    }
    Object.assign(columns, filled.columns);
    Object.assign(labels, filled.labels);
  }
  const missing = request.slots.find(
    (slot) => columns[slot.name] === undefined && (slot.role === "input" || request.targets === "required"),
  );
  if (missing !== undefined) {
    throw new Problem(`the data hold nothing for ${missing.role} \`${missing.name}\``, {
      help: `give it: --data ${missing.name}=PATH`,
    });
  }
  return { count: first?.count ?? 0, columns, labels, files: pieces.map(({ path }) => path) };
}

function piecesOf(request: LoadRequest): readonly Piece[] {
  const own = request.source === null ? [] : recipePieces(request.source, request);
  const given = request.given.map((text) => givenPiece(text, request, own));
  if (given.some(({ slot }) => slot === null)) {
    if (given.filter(({ slot }) => slot === null).length > 1) {
      throw new Problem("--data was given several files without a name", {
        help: "say what each is for: --data NAME=PATH",
      });
    }
    return given;
  }
  const replaced = new Set(given.map(({ slot }) => slot));
  const wanted = request.slots.filter((slot) => slot.role === "input" || request.targets === "required");
  // Where the user names a file for all that is needed, the recipe's are not looked at.
  if (given.length > 0 && wanted.every((slot) => replaced.has(slot))) return given;
  const kept = own.filter(({ slot }) => slot === null || !replaced.has(slot));
  const optional = (piece: Piece) =>
    given.length > 0 && request.targets === "optional" && piece.slot?.role === "target";
  const pieces = [...kept.filter((piece) => !optional(piece)), ...given];
  if (pieces.length === 0) {
    throw new Problem("there are no data: the recipe has no `data:` line", {
      help: "give them: --data PATH, or --data NAME=PATH",
    });
  }
  return pieces;
}

function recipePieces(source: DataSource, { slots, base }: LoadRequest): readonly Piece[] {
  const format = formats.find((name) => name === source.format);
  if (format === undefined) {
    throw new Problem(
      `the recipe's \`${source.format}(…)\` is no format of data: there are ${formats.join(", ")}`,
      { exitCode: 1 },
    );
  }
  const absolute = (value: Static) => {
    if (typeof value !== "string") {
      throw new Problem(`the recipe's \`${format}(…)\` takes paths, not \`${JSON.stringify(value)}\``, {
        exitCode: 1,
      });
    }
    return isAbsolute(value) ? value : join(base, value);
  };
  const slotNamed = (name: string) => {
    const slot = slots.find((candidate) => candidate.name === name);
    if (slot !== undefined) return slot;
    throw unknownSlot(name, slots, `the recipe's \`${format}(…)\``, 1);
  };
  const [path, ...more] = source.positional;
  if (more.length > 0)
    throw new Problem(`the recipe's \`${format}(…)\` takes one path, or a path for each name`, {
      exitCode: 1,
    });
  const named = Object.entries(source.named);
  if (path === undefined) {
    return named.map(([name, value]) => ({
      slot: slotNamed(name),
      path: absolute(value),
      format,
      named: {},
    }));
  }
  const columns = named.map(([name, value]) => {
    if (typeof value === "string") return [slotNamed(name).name, value] as const;
    throw new Problem(
      `the recipe's \`${format}(…)\` names a column by text, not by \`${JSON.stringify(value)}\``,
      { exitCode: 1 },
    );
  });
  return [
    { slot: soleSlot(format, slots), path: absolute(path), format, named: Object.fromEntries(columns) },
  ];
}

function givenPiece(text: string, { slots }: LoadRequest, own: readonly Piece[]): Piece {
  const equals = text.indexOf("=");
  const name = equals === -1 ? null : text.slice(0, equals);
  const path = equals === -1 ? text : text.slice(equals + 1);
  if (path === "") throw new Problem(`--data ${text}: no path is given`);
  const format = formatOf(path);
  if (name === null)
    return {
      slot: soleSlot(format, slots),
      path,
      format,
      named: own.find(({ slot }) => slot === null)?.named ?? {},
    };
  const slot = slots.find((candidate) => candidate.name === name);
  if (slot === undefined) throw unknownSlot(name, slots, `--data ${text}`, 2);
  return { slot, path, format, named: {} };
}

/** A file of one array without a name: plain only where there is one slot it could be. */
function soleSlot(format: Format | null, slots: readonly Slot[]): Slot | null {
  if (format !== "idx" && format !== "npy") return null;
  const inputs = slots.filter(({ role }) => role === "input");
  if (inputs.length === 1) return inputs[0]!;
  throw new Problem(
    `an ${format.toUpperCase()} file holds one array, and the network has ${slots.length} inputs and targets`,
    {
      help: `say what it is for: ${slots.map(({ name }) => `${name}=PATH`).join(", ")}`,
    },
  );
}

function unknownSlot(name: string, slots: readonly Slot[], where: string, exitCode: 1 | 2): Problem {
  const names = slots.map((slot) => slot.name);
  const near = suggest(name, names);
  const help = near === null ? `there are ${names.join(", ")}` : `did you mean \`${near}\`?`;
  return new Problem(`${where}: the network has no input or target \`${name}\``, { exitCode, help });
}

function formatOf(path: string): Format | null {
  const plain = path.toLowerCase().replace(/\.gz$/, "");
  if (/\.(csv|tsv)$/.test(plain)) return "csv";
  if (/\.(jsonl|ndjson)$/.test(plain)) return "jsonl";
  if (/\.npy$/.test(plain)) return "npy";
  if (/(\.idx|-ubyte|\.idx\d-ubyte)$/.test(plain)) return "idx";
  return null;
}

async function fillPiece(piece: Piece, slots: readonly Slot[], request: LoadRequest): Promise<Filled> {
  const bytes = unpack(piece.path, await readBytes(piece.path));
  if (bytes.length === 0) throw dataProblem(piece.path, "the file is empty");
  const format = piece.format ?? sniff(piece.path, bytes);
  const required = request.targets === "required";
  switch (format) {
    case "csv":
      return fillFromTable(readCsv(piece.path, bytes), slots, piece.named, required, request.labels);
    case "jsonl":
      return fillFromJsonLines(piece.path, bytes, slots, required, request.labels);
    case "idx":
    case "npy": {
      const slot = slots[0];
      if (slot === undefined || piece.slot === null)
        throw dataProblem(piece.path, "say what this array is for: --data NAME=PATH");
      const raw = format === "idx" ? readIdx(piece.path, bytes) : readNpy(piece.path, bytes);
      return { count: raw.count, columns: { [slot.name]: fillSlot(slot, raw) }, labels: {} };
    }
  }
}

const largestUnpacked = 2 ** 31 - 1;

function unpack(path: string, bytes: Uint8Array): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: largestUnpacked });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "Z_BUF_ERROR")
      throw dataProblem(path, "its gzip stream ends too early: the file is truncated");
    if (code === "ERR_BUFFER_TOO_LARGE") throw dataProblem(path, "it unpacks to more than 2 GB");
    throw dataProblem(path, `its gzip stream is damaged (${(error as Error).message})`);
  }
}

function sniff(path: string, bytes: Uint8Array): Format {
  if (bytes[0] === 0x93 && bytes[1] === 0x4e) return "npy";
  if (bytes[0] === 0 && bytes[1] === 0) return "idx";
  if (bytes[0] === 0x7b) return "jsonl";
  if (!bytes.subarray(0, 4096).includes(0)) return "csv";
  throw new Problem(
    `${path}: this is no data that can be read: there are ${formats.join(", ")}, also packed as .gz`,
    { exitCode: 1 },
  );
}
