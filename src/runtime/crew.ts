/** Owns threads: workers over the shared memory of one model, slices of a batch for them, and the order of sums. */
import { remainder } from "./arithmetic.ts";
import type { Plan, ThreadPlan } from "./plan.ts";
import type { Thread } from "./remote.ts";
import {
  type Arena,
  arenaOver,
  type Crew,
  type Host,
  openSession,
  type Routine,
  type Session,
  type Slice,
} from "./session.ts";
import { bytesOf, webAssembly } from "./webassembly.ts";

/** How many threads a model works on; the same number of slices gives the same bits on any number of threads. */
export interface ThreadOptions {
  readonly threads?: number;
  /** Into how many parts a batch is divided; by default as many as there are threads. */
  readonly slices?: number;
}

type Engines = readonly Readonly<Record<string, Routine>>[];

/**
 * The cells that threads share: the number of the task, threads that are still at it, whether one failed, the routine,
 * pieces (0: one run a slice), first slice, last slice, seed, step; then for each slice its samples and the first of them.
 */
const SLICE_CELLS = 16;

/**
 * A thread's share of the task in the cells. It and `crewMember` travel to workers as text: they use nothing around them.
 */
function shareOfTask(
  engines: Engines,
  cells: Int32Array,
  names: readonly string[],
  thread: number,
  threads: number,
): void {
  const name = names[cells[3]!]!;
  const pieces = cells[4]!;
  if (pieces === 0) {
    for (let k = cells[5]! + thread; k < cells[6]!; k += threads)
      engines[k]![name]!(cells[16 + 2 * k]!, cells[7]!, cells[8]!, cells[17 + 2 * k]!);
    return;
  }
  const end = Math.floor(((thread + 1) * pieces) / threads);
  for (let piece = Math.floor((thread * pieces) / threads); piece < end; piece += 1)
    for (let k = cells[5]!; k < cells[6]!; k += 1) engines[k]![name]!(piece, cells[7]!, cells[8]!, 0);
}

interface Enlisted {
  readonly module: object;
  readonly memory: object;
  readonly starts: readonly number[];
  readonly cells: Int32Array;
  readonly names: readonly string[];
  readonly thread: number;
  readonly threads: number;
}

/** What runs in a worker: after each task it looks about for a moment, and then sleeps until the next. */
function crewMember(share: typeof shareOfTask, rest: (a: number, b: number) => number): void {
  const scope = globalThis as unknown as {
    process?: {
      getBuiltinModule?(name: string): {
        parentPort: {
          once(kind: string, then: (given: Enlisted) => void): void;
          postMessage(text: string): void;
        };
      };
    };
    onmessage: ((event: { data: Enlisted }) => void) | null;
    postMessage(text: string): void;
    WebAssembly: {
      Instance: new (module: object, imports: object) => { exports: Readonly<Record<string, Routine>> };
    };
  };
  const port = scope.process?.getBuiltinModule?.("node:worker_threads").parentPort;
  const begin = (given: Enlisted) => {
    const { module, memory, starts, cells, names, thread, threads } = given;
    const { sin, cos, pow } = Math;
    const engines = starts.map(
      (slice) =>
        new scope.WebAssembly.Instance(module, { env: { memory, slice, sin, cos, pow, remainder: rest } })
          .exports,
    );
    let done = Atomics.load(cells, 0);
    (port ?? scope).postMessage("ready");
    for (;;) {
      for (let k = 0; k < 4000 && Atomics.load(cells, 0) === done; k += 1);
      Atomics.wait(cells, 0, done);
      if (Atomics.load(cells, 0) === done) continue;
      done = Atomics.load(cells, 0);
      try {
        share(engines, cells, names, thread, threads);
      } catch {
        Atomics.store(cells, 2, 1);
      }
      if (Atomics.sub(cells, 1, 1) === 1) Atomics.notify(cells, 1);
    }
  };
  if (port === undefined) scope.onmessage = ({ data }) => begin(data);
  else port.once("message", begin);
}

/** Opens a session whose batches are divided; `code` is WebAssembly, as base64 or compiled. */
export async function openCrew<P extends Plan>(
  plan: P,
  code: string | object,
  hosts: Readonly<Record<string, Host>>,
  seed: number,
  options: ThreadOptions,
): Promise<Session<P>> {
  const threads = wholeNumber("threads", options.threads ?? 1);
  const slices = wholeNumber("slices", options.slices ?? threads);
  const own = plan.arena - plan.threads!.from;
  const cellsAt = plan.arena + (slices - 1) * own;
  const pages = Math.ceil(((cellsAt + SLICE_CELLS + 2 * slices) * 4) / 65536);
  const { Module, Memory, Instance } = webAssembly();
  const module = typeof code === "string" ? new Module(bytesOf(code)) : code;
  const memory = new Memory({ initial: pages, maximum: pages, shared: true });
  const starts = Array.from({ length: slices }, (_, k) => k * own * 4);
  const { sin, cos, pow } = Math;
  const engines = starts.map(
    (slice) => new Instance(module, { env: { memory, slice, sin, cos, pow, remainder } }).exports,
  );
  const arena = arenaOver(plan, memory.buffer, memory);
  const session = openSession(plan, arena, () => engines[0]!, hosts, seed);
  const names = Object.keys(engines[0]!);
  const cells = arena.indices.subarray(cellsAt);
  const workers = await enlist(threads, { module, memory, starts, cells, names, threads });
  const arenas = starts.map((start): Arena => ({
    ...arena,
    floats: arena.floats.subarray(start / 4),
    indices: arena.indices.subarray(start / 4),
  }));
  session.crew = crewOf(plan.threads!, plan.capacity, { engines, arenas, cells, names, workers });
  return session;
}

function wholeNumber(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 1 && value <= 256) return value;
  throw new Error(`${name} is a whole number from 1 to 256, and was ${String(value)}`);
}

interface Worker extends Thread {
  unref?(): void;
}

/** Workers that are ready; none, and a word about it, where threads cannot share memory. */
async function enlist(threads: number, given: Omit<Enlisted, "thread">): Promise<Worker[]> {
  if (threads === 1) return [];
  try {
    Atomics.wait(given.cells, 0, 1, 0);
  } catch {
    throw new Error(
      "a page's main thread may not wait for others: compile with `--worker`, and let the model live in a worker",
    );
  }
  const workers: Worker[] = [];
  try {
    for (let thread = 1; thread < threads; thread += 1) workers.push(newWorker());
    await Promise.all(workers.map((worker, k) => begun(worker, { ...given, thread: k + 1 })));
    for (const worker of workers) worker.unref?.();
    return workers;
  } catch (error) {
    for (const worker of workers) worker.terminate();
    const { console } = globalThis as unknown as { console: { warn(text: string): void } };
    const reason = error instanceof Error ? error.message : String(error);
    console.warn(`${threads} threads cannot share memory here, so that one does it all: ${reason}`);
    return [];
  }
}

function newWorker(): Worker {
  const text = `(${crewMember.toString()})(${shareOfTask.toString()}, ${remainder.toString()});`;
  const { process, Worker, Blob, URL } = globalThis as unknown as {
    process?: {
      getBuiltinModule?(name: string): { Worker: new (text: string, options: { eval: true }) => Worker };
    };
    Worker: new (address: string) => Worker;
    Blob: new (parts: readonly string[], options: { type: string }) => object;
    URL: { createObjectURL(blob: object): string };
  };
  const node = process?.getBuiltinModule?.("node:worker_threads");
  if (node !== undefined) return new node.Worker(text, { eval: true });
  return new Worker(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
}

function begun(worker: Worker, given: Enlisted): Promise<void> {
  return new Promise((resolve, reject) => {
    if (worker.on === undefined) {
      worker.addEventListener?.("message", () => resolve());
      worker.addEventListener?.("error", ({ message }) => reject(new Error(message ?? "no worker starts")));
    } else {
      worker.on("message", () => resolve());
      worker.on("error", (error) => reject(error as Error));
    }
    worker.postMessage(given, []);
  });
}

interface Gathered {
  readonly engines: Engines;
  readonly arenas: readonly Arena[];
  readonly cells: Int32Array;
  readonly names: readonly string[];
  readonly workers: Worker[];
}

function crewOf(plan: ThreadPlan, capacity: number, gathered: Gathered): Crew {
  const { engines, arenas, cells, names, workers } = gathered;
  const perform = (name: string, pieces: number, from: number, to: number, seed: number, step: number) => {
    const helpers = workers.length;
    [cells[3], cells[4], cells[5], cells[6], cells[7], cells[8]] = [
      names.indexOf(name),
      pieces,
      from,
      to,
      seed,
      step,
    ];
    Atomics.store(cells, 1, helpers);
    Atomics.add(cells, 0, 1);
    if (helpers > 0) Atomics.notify(cells, 0);
    shareOfTask(engines, cells, names, 0, helpers + 1);
    for (let k = 0; k < 4000 && Atomics.load(cells, 1) > 0; k += 1);
    for (let left = Atomics.load(cells, 1); left > 0; left = Atomics.load(cells, 1))
      Atomics.wait(cells, 1, left);
    if (Atomics.load(cells, 2) !== 0) throw new Error(`${name} failed in a worker`);
  };
  return {
    slices: arenas.length,
    takes: (routine) => arenas.length > 1 && plan.sliced.includes(routine),
    run: (session, routine, feed, start, samples, first) => {
      // Rows of the micro-kernel come by four.
      const share = Math.min(capacity, Math.ceil(samples / arenas.length / 4) * 4);
      const slices: Slice[] = [];
      for (let from = 0; from < samples; from += share) {
        const k = slices.length;
        const count = Math.min(share, samples - from);
        feed.load(arenas[k]!, start + from, count);
        cells[SLICE_CELLS + 2 * k] = count;
        cells[SLICE_CELLS + 2 * k + 1] = first + from;
        slices.push({ arena: arenas[k]!, from: start + from, count });
      }
      session.hosts[routine]?.(session.floats, session.step, session.total, session.ease);
      if (slices.length > 1) perform(routine, 0, 0, slices.length, session.seed, session.step);
      else engines[0]![routine]!(samples, session.seed, session.step, first);
      return slices;
    },
    fold: (slices) => {
      const samples = slices.reduce((sum, { count }) => sum + count, 0);
      const [ofFirst, ofOwn] = plan.scales!;
      slices.forEach(({ arena, count }, k) => {
        arena.floats[ofFirst] = k === 1 ? slices[0]!.count / samples : 1;
        arena.floats[ofOwn] = count / samples;
      });
      perform("fold", plan.parts, 1, slices.length, 0, 0);
    },
    divide: (session, routine) => {
      if (!plan.divided.includes(routine)) return false;
      session.hosts[routine]?.(session.floats, session.step, session.total, session.ease);
      perform(routine, plan.parts, 0, 1, session.seed, session.step);
      return true;
    },
    dispose: () => {
      for (const worker of workers) worker.terminate();
      workers.length = 0;
    },
  };
}

/** Ends the threads of a model, which goes on alone. */
export function dispose({ crew }: Pick<Session, "crew">): void {
  crew?.dispose();
}
