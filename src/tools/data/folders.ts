/** Owns data that are a file a sample: which files a pattern names, and what their folders say of them. */
import { readdir } from "node:fs/promises";
import { isAbsolute, join, sep } from "node:path";
import { systemProblem, dataProblem } from "../problem.ts";
import { fillCells } from "./cells.ts";
import { type Column, type Filled, type Numbers, type Slot, isRagged } from "./dataset.ts";
import { ownColumns } from "./forms.ts";
import type { Filling } from "./load.ts";
import { readPng } from "./png.ts";
import { readUnpacked } from "./unpack.ts";
import { readWav } from "./wav.ts";

interface Found {
  readonly path: string;
  /** What stood in the place of `{name}`; of a plain `*` by its number, the first being `0`. */
  readonly captured: Readonly<Record<string, string>>;
}

/**
 * `images("clothes/{kind}/*.png")`: the one input takes the files in the order of their names. A target takes the first
 * star of the pattern, as a folder; or `{digit}` in the pattern, where the target is called so or the recipe says `spoken: "digit"`.
 */
export async function fillFromFolders(filling: Filling, format: "images" | "sounds"): Promise<Filled> {
  const { file: pattern, slots, required, forms, known, beside, options } = filling;
  const found = await filesOf(pattern);
  if (found.length === 0) throw dataProblem(pattern, "no file is called so");
  const inputs = slots.filter(({ role }) => role === "input");
  const [slot] = inputs;
  if (slot === undefined || inputs.length > 1)
    throw dataProblem(pattern, `its files fill one input, and the network has ${inputs.length}`);
  const read = (path: string, bytes: Uint8Array): Numbers =>
    format === "images" ? readPng(path, bytes, slot) : readWav(path, bytes, slot, options);
  const columns: Record<string, Column> = { [slot.name]: await readAll(found, slot, read) };
  const labels: Record<string, readonly string[]> = {};
  const captured = (name: string): readonly string[] => {
    const missing = found.find((one) => one.captured[name] === undefined);
    if (missing === undefined) return found.map((one) => one.captured[name]!);
    throw dataProblem(pattern, `its pattern holds no \`{${name}}\``);
  };
  for (const target of slots.filter(({ role }) => role === "target")) {
    const form = forms[target.name] ?? ownColumns;
    const own = found[0]!.captured[target.name] === undefined ? "0" : target.name;
    const name = form.columns[0] ?? own;
    if (!required && found[0]!.captured[name] === undefined) continue;
    const placeOf = (sample: number) => ({ row: sample + 1, column: found[sample]!.path });
    const cells = captured(name);
    const filled = fillCells({ file: pattern, slot: target, form, cells, placeOf, known });
    columns[target.name] = filled.values;
    if (filled.labels !== null) labels[target.name] = filled.labels;
  }
  const words = beside.map((name) => [name, captured(name)]);
  return { count: found.length, columns, labels, beside: Object.fromEntries(words) };
}

async function readAll(
  found: readonly Found[],
  slot: Slot,
  read: (path: string, bytes: Uint8Array) => Numbers,
): Promise<Column> {
  const column: Column = slot.steps === null ? new Float32Array(found.length * slot.size) : [];
  for (const [sample, { path }] of found.entries()) {
    const values = read(path, await readUnpacked(path));
    if (isRagged(column)) (column as Numbers[]).push(values);
    else column.set(values, sample * slot.size);
  }
  return column;
}

/** The files that a pattern names, `*` and `{name}` standing for anything within one name, in the order of their names. */
async function filesOf(pattern: string): Promise<readonly Found[]> {
  const parts = pattern.split(sep === "/" ? "/" : /[\\/]/);
  let found: readonly Found[] = [{ path: isAbsolute(pattern) ? "" : ".", captured: {} }];
  for (const [place, part] of parts.entries()) {
    if (place === 0 && part === "") continue;
    const lists = found.map((before) => matches(before, part));
    found = (await Promise.all(lists)).flat();
  }
  return found;
}

async function matches({ path, captured }: Found, part: string): Promise<readonly Found[]> {
  if (!/[*{]/.test(part)) return [{ path: join(path === "" ? sep : path, part), captured }];
  const folder = path === "" ? sep : path;
  const names: string[] = [];
  const stars = Object.keys(captured).filter((name) => /^\d+$/.test(name)).length;
  const source = part.replace(/\*|\{(\w+)\}|[^*{]+|\{/g, (piece, name: string | undefined) => {
    if (piece !== "*" && name === undefined) return piece.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    names.push(name ?? String(stars + names.filter((one) => /^\d+$/.test(one)).length));
    return "([^/]*?)";
  });
  const shape = new RegExp(`^${source}$`, "u");
  const entries = await readdir(folder).catch((error: unknown) => {
    throw systemProblem(error, "read", folder);
  });
  return entries
    .filter((entry) => !entry.startsWith("."))
    .sort((a, b) => (a < b ? -1 : 1))
    .flatMap((entry): readonly Found[] => {
      const match = shape.exec(entry);
      if (match === null) return [];
      const here = names.map((name, k) => [name, match[k + 1]!]);
      return [{ path: join(folder, entry), captured: { ...captured, ...Object.fromEntries(here) } }];
    });
}
