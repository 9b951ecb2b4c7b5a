/** Owns running a task again whenever one of the files it read has changed. */
import { type FSWatcher, watch } from "node:fs";
import { basename, dirname, resolve } from "node:path";

/** Editors write a file in several steps; what comes within this many milliseconds is one change. */
const settling = 60;

/**
 * Runs the task, then again after each change of the files it named, until the signal. What changes while the task runs
 * counts, too: at first of the files that are given, then of those that it named before.
 */
export async function repeatOnChange(
  task: () => Promise<readonly string[]>,
  files: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const watched = watchFiles(signal);
  watched.choose(files);
  while (!signal.aborted) {
    watched.choose(await task());
    await watched.change();
  }
  watched.close();
}

/** Folders are watched, not files: many editors put a new file in the place of the old. */
function watchFiles(signal: AbortSignal) {
  const watchers = new Map<string, FSWatcher>();
  let names: ReadonlySet<string> = new Set();
  let changed = false;
  let tell: (() => void) | null = null;
  const note = (): void => {
    changed = true;
    tell?.();
  };
  const unwatch = (folder: string): void => {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  };
  const open = (folder: string): FSWatcher => {
    const watcher = watch(folder, (_, name) => {
      if (name === null || names.has(resolve(folder, basename(name)))) note();
    });
    watcher.on("error", () => {
      unwatch(folder);
      note();
    });
    return watcher;
  };
  return {
    choose: (files: readonly string[]): void => {
      names = new Set(files.map((file) => resolve(file)));
      const folders = new Set([...names].map((name) => dirname(name)));
      for (const folder of watchers.keys()) if (!folders.has(folder)) unwatch(folder);
      for (const folder of folders) if (!watchers.has(folder)) watchers.set(folder, open(folder));
    },
    /** Once something has changed and no more follows, or at the signal. */
    change: (): Promise<void> =>
      new Promise((done) => {
        let timer: NodeJS.Timeout | null = null;
        const end = (): void => {
          if (timer !== null) clearTimeout(timer);
          signal.removeEventListener("abort", end);
          [changed, tell] = [false, null];
          done();
        };
        tell = () => {
          if (timer !== null) clearTimeout(timer);
          timer = setTimeout(end, settling);
        };
        if (signal.aborted) return end();
        signal.addEventListener("abort", end);
        if (changed) tell();
      }),
    close: (): void => {
      for (const folder of [...watchers.keys()]) unwatch(folder);
    },
  };
}
