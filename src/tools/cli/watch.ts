/** Owns running a task again whenever one of the files it read has changed. */
import { type FSWatcher, statSync, watch } from "node:fs";
import { basename, dirname, resolve } from "node:path";

/** Editors write a file in several steps; what comes within this many milliseconds is one change. */
const settling = 60;

/** Runs the task, then again after each change of the files it named, until the signal. What changes meanwhile counts. */
export async function repeatOnChange(
  task: () => Promise<readonly string[]>,
  files: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const watched = watchFiles(signal);
  watched.choose(files, Infinity);
  while (!signal.aborted) {
    const began = Date.now();
    watched.choose(await task(), began);
    await watched.change();
  }
  watched.close();
}

/** Folders are watched, not files: many editors put a new file in the place of the old. */
function watchFiles(signal: AbortSignal) {
  const watchers = new Map<string, FSWatcher>();
  let names: ReadonlySet<string> = new Set();
  /** What has changed in these folders since the task was last begun, whether it is one of the files or not yet. */
  const touched = new Set<string>();
  let tell: (() => void) | null = null;
  const note = (path: string): void => {
    touched.add(path);
    if (names.has(path)) tell?.();
  };
  const unwatch = (folder: string): void => {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  };
  const noteAll = (folder: string): void => {
    for (const name of names) if (dirname(name) === folder) note(name);
  };
  const open = (folder: string): FSWatcher => {
    const watcher = watch(folder, (_, name) => {
      if (name === null) noteAll(folder);
      else note(resolve(folder, basename(name)));
    });
    watcher.on("error", () => {
      unwatch(folder);
      noteAll(folder);
    });
    return watcher;
  };
  return {
    /** In folders that were not watched when the task began, the time of a file says whether it changed since. */
    choose: (files: readonly string[], began: number): void => {
      names = new Set(files.map((file) => resolve(file)));
      const folders = new Set([...names].map((name) => dirname(name)));
      for (const folder of watchers.keys()) if (!folders.has(folder)) unwatch(folder);
      const fresh = new Set([...folders].filter((folder) => !watchers.has(folder)));
      for (const folder of fresh) watchers.set(folder, open(folder));
      for (const name of names) if (fresh.has(dirname(name)) && changedSince(name, began)) note(name);
    },
    /** Once something has changed and no more follows, or at the signal. */
    change: (): Promise<void> =>
      new Promise((done) => {
        let timer: NodeJS.Timeout | null = null;
        const end = (): void => {
          if (timer !== null) clearTimeout(timer);
          signal.removeEventListener("abort", end);
          touched.clear();
          tell = null;
          done();
        };
        tell = () => {
          if (timer !== null) clearTimeout(timer);
          timer = setTimeout(end, settling);
        };
        if (signal.aborted) return end();
        signal.addEventListener("abort", end);
        if ([...touched].some((path) => names.has(path))) tell();
      }),
    close: (): void => {
      for (const folder of [...watchers.keys()]) unwatch(folder);
    },
  };
}

function changedSince(path: string, time: number): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && found.mtimeMs >= time;
}
