/** Owns which files a data set is made of: those of the recipe's source, and those that `--data` puts in their place. */
import { isAbsolute, join } from "node:path";
import type { DataSource, Static, StaticCall } from "../../ir/network.ts";
import { suggest } from "../../report/suggest.ts";
import { Problem } from "../problem.ts";
import type { Slot } from "./dataset.ts";
import { type ColumnForm, columnForm, isCall } from "./forms.ts";
import { type Format, formatOf, formats, holdsOneArray, optionsOf } from "./formats.ts";

/** One file or pattern of files, for one slot or for all that are not filled by others. */
export interface Piece {
  readonly slot: Slot | null;
  readonly path: string;
  /** Null: to be told from the first bytes. */
  readonly format: Format | null;
  readonly options: Readonly<Record<string, Static>>;
  /** How columns become a slot, by the slot's name. */
  readonly forms: Readonly<Record<string, ColumnForm>>;
}

export interface Wanted {
  readonly slots: readonly Slot[];
  /** The recipe's. */
  readonly source: DataSource | null;
  /** The folder that the recipe's paths are relative to. */
  readonly base: string;
  /** `--data`, as given: `PATH` or `NAME=PATH`. */
  readonly given: readonly string[];
  /** Whether every target must be there. */
  readonly targets: "required" | "optional";
}

export function piecesOf(wanted: Wanted): readonly Piece[] {
  const own = wanted.source === null ? [] : recipePieces(wanted.source, wanted);
  const given = wanted.given.map((text) => givenPiece(text, wanted, own));
  if (given.some(({ slot }) => slot === null)) {
    if (given.filter(({ slot }) => slot === null).length > 1) {
      throw new Problem("--data was given several files without a name", {
        help: "say what each is for: --data NAME=PATH",
      });
    }
    return given;
  }
  const replaced = new Set(given.map(({ slot }) => slot));
  const needed = wanted.slots.filter((slot) => slot.role === "input" || wanted.targets === "required");
  // Where the user names a file for all that is needed, the recipe's are not looked at.
  if (given.length > 0 && needed.every((slot) => replaced.has(slot))) return given;
  const kept = own.filter(({ slot }) => slot === null || !replaced.has(slot));
  const optional = (piece: Piece) =>
    given.length > 0 && wanted.targets === "optional" && piece.slot?.role === "target";
  const pieces = [...kept.filter((piece) => !optional(piece)), ...given];
  if (pieces.length === 0) {
    throw new Problem("there are no data: the recipe has no `data:` line", {
      help: "give them: --data PATH, or --data NAME=PATH",
    });
  }
  return pieces;
}

function recipePieces(source: DataSource, { slots, base }: Wanted): readonly Piece[] {
  const format = formats.find((name) => name === source.format);
  if (format === undefined) {
    throw new Problem(
      `the recipe's \`${source.format}(…)\` is no format of data: there are ${formats.join(", ")}`,
      { exitCode: 1 },
    );
  }
  const where = `the recipe's \`${format}(…)\``;
  const absolute = (value: Static | StaticCall) => {
    if (typeof value !== "string") {
      const shown = isCall(value) ? `${value.call}(…)` : JSON.stringify(value);
      throw new Problem(`${where} takes paths, not \`${shown}\``, { exitCode: 1 });
    }
    return isAbsolute(value) ? value : join(base, value);
  };
  const slotNamed = (name: string) => {
    const slot = slots.find((candidate) => candidate.name === name);
    if (slot !== undefined) return slot;
    throw unknownSlot(name, slots, where, 1, optionsOf[format]);
  };
  const [path, ...more] = source.positional;
  if (more.length > 0) throw new Problem(`${where} takes one path, or a path for each name`, { exitCode: 1 });
  const named = Object.entries(source.named);
  if (path === undefined) {
    return named.map(([name, value]) => {
      return { slot: slotNamed(name), path: absolute(value), format, options: {}, forms: {} };
    });
  }
  const options: Record<string, Static> = {};
  const forms: Record<string, ColumnForm> = {};
  for (const [name, value] of named) {
    if (optionsOf[format].includes(name) && !isCall(value)) options[name] = value;
    else forms[slotNamed(name).name] = columnForm(value, where);
  }
  return [{ slot: soleSlot(format, slots), path: absolute(path), format, options, forms }];
}

function givenPiece(text: string, { slots }: Wanted, own: readonly Piece[]): Piece {
  const equals = text.indexOf("=");
  const name = equals === -1 ? null : text.slice(0, equals);
  const path = equals === -1 ? text : text.slice(equals + 1);
  if (path === "") throw new Problem(`--data ${text}: no path is given`);
  const format = formatOf(path);
  if (name === null) {
    // Another file in the place of the recipe's, read as that one is where the name does not say otherwise.
    const before = own.find(({ slot }) => slot === null);
    const alike = before !== undefined && (format === null || readsAs(before.format, format));
    if (alike) return { ...before, path };
    return { slot: soleSlot(format, slots), path, format, options: {}, forms: before?.forms ?? {} };
  }
  const slot = slots.find((candidate) => candidate.name === name);
  if (slot === undefined) throw unknownSlot(name, slots, `--data ${text}`, 2);
  return { slot, path, format, options: {}, forms: {} };
}

/** Whether a recipe's format takes files that are called like those of another. */
function readsAs(own: Format | null, called: Format): boolean {
  return own === called || (own === "series" && called === "csv");
}

/** A file of one array without a name: plain only where there is one slot it could be. */
function soleSlot(format: Format | null, slots: readonly Slot[]): Slot | null {
  if (format === null || !holdsOneArray(format)) return null;
  const inputs = slots.filter(({ role }) => role === "input");
  if (inputs.length === 1) return inputs[0]!;
  throw new Problem(
    `an ${format.toUpperCase()} file holds one array, and the network has ${slots.length} inputs and targets`,
    { help: `say what it is for: ${slots.map(({ name }) => `${name}=PATH`).join(", ")}` },
  );
}

function unknownSlot(
  name: string,
  slots: readonly Slot[],
  where: string,
  exitCode: 1 | 2,
  options: readonly string[] = [],
): Problem {
  const names = [...slots.map((slot) => slot.name), ...options];
  const near = suggest(name, names);
  const help = near === null ? `there are ${names.join(", ")}` : `did you mean \`${near}\`?`;
  return new Problem(`${where}: the network has no input or target \`${name}\``, { exitCode, help });
}
