/** Owns CSV and TSV: text to a table of cells, with or without a header, and where each row stands. */
import { CsvError, parse } from "csv-parse/sync";
import { dataProblem } from "../problem.ts";

export interface Table {
  readonly file: string;
  /** Null where the first row already holds values. */
  readonly header: readonly string[] | null;
  readonly width: number;
  readonly rows: readonly (readonly string[])[];
  /** The line each row ends on, counted from 1. */
  readonly lines: readonly number[];
}

const longestText = 512 * 1024 * 1024;

export function readCsv(file: string, bytes: Uint8Array): Table {
  if (bytes.length > longestText)
    throw dataProblem(file, "it is larger than 512 MB; split it, or save it as NPY");
  if (bytes.subarray(0, 4096).includes(0)) throw dataProblem(file, "this is no CSV file: it holds NUL bytes");
  const text = new TextDecoder("utf-8").decode(bytes);
  const records = parseRecords(file, text);
  const first = records[0];
  if (first === undefined) throw dataProblem(file, "the file holds no rows");
  const header =
    first.record.some((cell) => cell !== "" && !isNumber(cell)) && !looksLikeData(records)
      ? first.record
      : null;
  const body = header === null ? records : records.slice(1);
  if (body.length === 0) throw dataProblem(file, "the file holds a header and no rows");
  return {
    file,
    header,
    width: first.record.length,
    rows: body.map(({ record }) => record),
    lines: body.map(({ line }) => line),
  };
}

/** Whether a cell reads as a number. */
export function isNumber(cell: string): boolean {
  return cell.trim() !== "" && !Number.isNaN(Number(cell));
}

/** What spreadsheets and data frames write where nothing is known. */
export function isMissing(cell: string): boolean {
  return ["", "?", "na", "n/a", "nan", "null", "none", "-"].includes(cell.trim().toLowerCase());
}

interface Record {
  readonly record: readonly string[];
  readonly line: number;
}

function parseRecords(file: string, text: string): readonly Record[] {
  try {
    const options = { bom: true, trim: true, skip_empty_lines: true, info: true, max_record_size: 1 << 24 };
    const records = parse(text, { ...options, delimiter: delimiterOf(text) }) as unknown as readonly {
      record: string[];
      info: { lines: number };
    }[];
    return records.map(({ record, info }) => ({ record, line: info.lines }));
  } catch (error) {
    if (error instanceof CsvError) throw dataProblem(file, wording(error));
    throw error;
  }
}

function wording(error: CsvError): string {
  const line = typeof error["lines"] === "number" ? `line ${error["lines"]}: ` : "";
  if (error.code === "CSV_RECORD_INCONSISTENT_FIELDS_LENGTH" && Array.isArray(error["record"])) {
    return `${line}this row has ${error["record"].length} cells, the rows before it have another number`;
  }
  if (error.code === "CSV_QUOTE_NOT_CLOSED") return `${line}a quoted cell is never closed`;
  return `${line}${error.message}`;
}

/** The first line decides: whichever of comma, semicolon and tab it holds most. */
function delimiterOf(text: string): string {
  const end = text.search(/\r?\n/);
  const line = end === -1 ? text.slice(0, 1 << 16) : text.slice(0, Math.min(end, 1 << 16));
  const count = (sign: string) => line.split(sign).length;
  return [",", ";", "\t"].reduce((best, sign) => (count(sign) > count(best) ? sign : best));
}

/** A first row of numbers and words is data, not a header, where it has numbers where the second has them. */
function looksLikeData(records: readonly Record[]): boolean {
  const [first, second] = records;
  if (first === undefined || second === undefined) return false;
  const numbers = (record: readonly string[]) => record.map(isNumber);
  return (
    numbers(first.record).some(Boolean) &&
    numbers(first.record).every((is, place) => is === numbers(second.record)[place])
  );
}
