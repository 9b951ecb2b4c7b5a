/** Owns the texts that the server knows: open buffers before files, files as they are on disk, the library. */
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { imports } from "../../check/check.ts";
import type { Reader } from "../../check/program.ts";
import { library } from "../../library/table.generated.ts";
import { parse } from "../../syntax/parse.ts";
import type { Source } from "../../text/source.ts";

/** More than this many files below the folders are not searched. */
const mostFiles = 2000;
const skipped = new Set(["node_modules", "dist", "build", "coverage"]);

export interface Workspace {
  readonly open: (name: string, text: string) => void;
  readonly close: (name: string) => void;
  readonly openNames: () => readonly string[];
  /** The same object as long as the text is the same. */
  readonly source: (name: string) => Source | null;
  /** Parses a text once. */
  readonly read: Reader;
  /** The file and all that it imports, directly or not. */
  readonly closure: (name: string) => ReadonlyMap<string, Source>;
  /** Every program in the folders and every open one. */
  readonly names: () => readonly string[];
}

interface OnDisk {
  readonly source: Source;
  readonly stamp: string;
}

export function createWorkspace(folders: readonly string[]): Workspace {
  const buffers = new Map<string, Source>();
  const disk = new Map<string, OnDisk>();
  const trees = new Map<string, { readonly text: string; readonly parsed: ReturnType<Reader> }>();

  const read: Reader = (source) => {
    const known = trees.get(source.name);
    if (known !== undefined && known.text === source.text) return known.parsed;
    const parsed = parse(source);
    trees.set(source.name, { text: source.text, parsed });
    return parsed;
  };

  const onDisk = (name: string): Source | null => {
    try {
      const { mtimeMs, size } = statSync(name);
      const stamp = `${mtimeMs} ${size}`;
      const known = disk.get(name);
      if (known !== undefined && known.stamp === stamp) return known.source;
      const source: Source = { name, text: readFileSync(name, "utf8") };
      disk.set(name, { source, stamp });
      return source;
    } catch {
      disk.delete(name);
      return null;
    }
  };

  const librarySources = new Map<string, Source>(
    [...library].map(([file, text]) => [`library/${file}`, { name: `library/${file}`, text }] as const),
  );

  const source = (name: string): Source | null =>
    buffers.get(name) ?? librarySources.get(name) ?? (/^[a-z][a-z+.-]+:/i.test(name) ? null : onDisk(name));

  return {
    open: (name, text) => {
      if (buffers.get(name)?.text !== text) buffers.set(name, { name, text });
    },
    close: (name) => void buffers.delete(name),
    openNames: () => [...buffers.keys()],
    source,
    read,
    closure: (name) => {
      const sources = new Map<string, Source>();
      const waiting = [name];
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        const found = sources.has(next) ? null : source(next);
        if (found === null) continue;
        sources.set(next, found);
        waiting.push(...imports(read(found).file));
      }
      return sources;
    },
    names: () => {
      const found = folders.flatMap((folder) => programsBelow(folder, mostFiles));
      return [...new Set([...buffers.keys(), ...found])];
    },
  };
}

function programsBelow(folder: string, most: number): readonly string[] {
  const found: string[] = [];
  const waiting = [folder];
  for (let next = waiting.pop(); next !== undefined && found.length < most; next = waiting.pop()) {
    for (const entry of entriesOf(next)) {
      const path = join(next, entry.name).replaceAll("\\", "/");
      if (entry.isDirectory() && !entry.name.startsWith(".") && !skipped.has(entry.name)) waiting.push(path);
      if (entry.isFile() && entry.name.endsWith(".nn")) found.push(path);
    }
  }
  return found;
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
