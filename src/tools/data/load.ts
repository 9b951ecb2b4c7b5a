/** Owns loading: from the files that make a data set to one column of numbers for each input and target. */
import type { Static } from "../../ir/network.ts";
import { Problem, dataProblem } from "../problem.ts";
import { readCsv } from "./csv.ts";
import { type DataSet, type Filled, type Slot, fillSlot } from "./dataset.ts";
import { fillFromFolders } from "./folders.ts";
import { type Format, sniffFormat } from "./formats.ts";
import { readIdx } from "./idx.ts";
import { fillFromJsonLines } from "./jsonl.ts";
import { readNpy } from "./npy.ts";
import { type Piece, type Wanted, piecesOf } from "./pieces.ts";
import { fillFromSequences } from "./sequences.ts";
import { fillFromSeries } from "./series.ts";
import { fillFromTable } from "./table.ts";
import { fillFromText } from "./text.ts";
import { readUnpacked } from "./unpack.ts";

export interface LoadRequest extends Wanted {
  /** Labels that a trained network brought along. */
  readonly labels: Readonly<Record<string, readonly string[]>>;
  /** Further columns that a split asks for, as they stand in the data. */
  readonly beside?: readonly string[];
}

/** What a format needs to fill slots of one file. */
export interface Filling {
  readonly file: string;
  readonly slots: readonly Slot[];
  readonly required: boolean;
  readonly known: Readonly<Record<string, readonly string[]>>;
  readonly beside: readonly string[];
  readonly forms: Piece["forms"];
  readonly options: Readonly<Record<string, Static>>;
}

export async function loadData(request: LoadRequest): Promise<DataSet> {
  const pieces = piecesOf(request);
  const single = new Set(pieces.flatMap(({ slot }) => (slot === null ? [] : [slot])));
  const rest = request.slots.filter((slot) => !single.has(slot));
  const whole: { columns: DataSet["columns"]; labels: DataSet["labels"]; beside: DataSet["beside"] } = {
    columns: {},
    labels: {},
    beside: {},
  };
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
    Object.assign(whole.columns, filled.columns);
    Object.assign(whole.labels, filled.labels);
    Object.assign(whole.beside, filled.beside);
  }
  const missing = request.slots.find(
    (slot) =>
      whole.columns[slot.name] === undefined && (slot.role === "input" || request.targets === "required"),
  );
  if (missing !== undefined) {
    throw new Problem(`the data hold nothing for ${missing.role} \`${missing.name}\``, {
      help: `give it: --data ${missing.name}=PATH`,
    });
  }
  return { ...whole, count: first?.count ?? 0, files: pieces.map(({ path }) => path) };
}

async function fillPiece(piece: Piece, slots: readonly Slot[], request: LoadRequest): Promise<Filled> {
  const filling: Filling = {
    file: piece.path,
    slots,
    required: request.targets === "required",
    known: request.labels,
    beside: request.beside ?? [],
    forms: piece.forms,
    options: piece.options,
  };
  if (piece.format === "images" || piece.format === "sounds") return fillFromFolders(filling, piece.format);
  const bytes = await readUnpacked(piece.path);
  const format = piece.format ?? sniffFormat(piece.path, bytes);
  return fillFromBytes(filling, format, bytes, piece);
}

function fillFromBytes(filling: Filling, format: Format, bytes: Uint8Array, { slot }: Piece): Filled {
  const { file } = filling;
  switch (format) {
    case "csv":
      return filling.options["sequence"] === undefined
        ? fillFromTable(filling, readCsv(file, bytes))
        : fillFromSequences(filling, readCsv(file, bytes));
    case "series":
      return fillFromSeries(filling, readCsv(file, bytes));
    case "jsonl":
      return fillFromJsonLines(filling, bytes);
    case "text":
      return fillFromText(filling, bytes);
    default: {
      if (slot === null) throw dataProblem(file, "say what this array is for: --data NAME=PATH");
      const raw = format === "idx" ? readIdx(file, bytes) : readNpy(file, bytes);
      return { count: raw.count, columns: { [slot.name]: fillSlot(slot, raw) } };
    }
  }
}
