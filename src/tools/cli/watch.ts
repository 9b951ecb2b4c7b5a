/** Owns running a task again whenever one of the files it read has changed. */
import { type FSWatcher, watch } from "node:fs";
import { basename, dirname, resolve } from "node:path";

/** Editors write a file in several steps; what comes within this many milliseconds is one change. */
const settling = 60;

/**
 * Runs the task, then again after each change of the files it named, until the signal. Folders are watched, not files:
 * many editors put a new file in the place of the old.
 */
export async function repeatOnChange(
  task: () => Promise<readonly string[]>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const files = await task();
    await changeOf(files, signal);
  }
}

function changeOf(files: readonly string[], signal: AbortSignal): Promise<void> {
  const names = new Set(files.map((file) => resolve(file)));
  const folders = new Set([...names].map((name) => dirname(name)));
  return new Promise((done) => {
    const watchers: FSWatcher[] = [];
    let timer: NodeJS.Timeout | null = null;
    const end = () => {
      if (timer !== null) clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
      signal.removeEventListener("abort", end);
      done();
    };
    signal.addEventListener("abort", end);
    for (const folder of folders) {
      const watcher = watch(folder, (_, name) => {
        if (name !== null && !names.has(resolve(folder, basename(name)))) return;
        if (timer !== null) clearTimeout(timer);
        timer = setTimeout(end, settling);
      });
      watcher.on("error", end);
      watchers.push(watcher);
    }
  });
}
