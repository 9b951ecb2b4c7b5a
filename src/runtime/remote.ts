/** Owns the near side of a worker: calls to the network there, answered in any order, and progress while they run. */

/** What both kinds of worker have in common: those of browsers, Deno and Bun, and those of Node. */
export interface Thread {
  postMessage(message: unknown, transfer: readonly object[]): void;
  terminate(): unknown;
  addEventListener?(kind: string, listener: (event: { data?: unknown; message?: string }) => void): void;
  on?(kind: string, listener: (value: unknown) => void): void;
}

/** Functions do not travel: `callbacks` names those that the caller gave in the argument `options`. */
export interface Call {
  readonly id: number;
  readonly method: string;
  readonly given: readonly unknown[];
  readonly options: number;
  readonly callbacks: readonly string[];
}

export interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: { readonly name: string; readonly message: string };
  /** Progress: a callback by its name, and what it is called with. */
  readonly callback?: string;
  readonly report?: unknown;
}

export interface Remote {
  /** With `transfer`, arrays among the arguments are handed over instead of copied, and empty afterwards. */
  call(method: string, given: readonly unknown[], transfer?: boolean): Promise<unknown>;
  close(): void;
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly options: Readonly<Record<string, unknown>>;
}

/** A thread of Node; elsewhere the caller makes the worker itself, in a form that bundlers know. */
export function nodeThread(address: object): Thread {
  const { process } = globalThis as unknown as {
    process: { getBuiltinModule(name: string): { Worker: new (address: object) => Thread } };
  };
  return new (process.getBuiltinModule("node:worker_threads").Worker)(address);
}

export function openRemote(thread: Thread): Remote {
  const waiting = new Map<number, Waiting>();
  let last = 0;
  const fail = (message: string) => {
    for (const { reject } of waiting.values()) reject(new Error(message));
    waiting.clear();
  };
  const cancel = (id: number) => thread.postMessage({ id, cancel: true }, []);
  const receive = (answer: Answer) => {
    const { id, result, error, callback, report } = answer;
    const call = waiting.get(id);
    if (call === undefined) return;
    if (callback !== undefined) {
      (call.options[callback] as ((report: unknown) => void) | undefined)?.(report);
      if ((call.options["signal"] as { aborted: boolean } | undefined)?.aborted === true) cancel(id);
      return;
    }
    waiting.delete(id);
    if (error === undefined) call.resolve(result);
    else call.reject(Object.assign(new Error(error.message), error));
  };
  thread.addEventListener?.("message", ({ data }) => receive(data as Answer));
  thread.addEventListener?.("error", ({ message }) => fail(message ?? "the worker failed"));
  if (thread.addEventListener === undefined) {
    thread.on?.("message", (answer) => receive(answer as Answer));
    thread.on?.("error", (error) => fail((error as Error).message));
  }
  return {
    call: (method, given, transfer = false) => {
      last += 1;
      const id = last;
      const place = given.findIndex((one) => hasFunctions(one));
      const options = (place < 0 ? {} : given[place]) as Readonly<Record<string, unknown>>;
      const { signal } = options as {
        signal?: { aborted: boolean; addEventListener?(kind: string, listener: () => void): void };
      };
      const plain = Object.entries(options).filter(([name, value]) => !isCallback(name, value));
      const call: Call = {
        id,
        method,
        given: given.map((one, k) => (k === place ? Object.fromEntries(plain) : one)),
        options: place,
        callbacks: Object.keys(options).filter((name) => typeof options[name] === "function"),
      };
      signal?.addEventListener?.("abort", () => cancel(id));
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject, options });
        thread.postMessage(call, transfer ? buffersWithin(given) : []);
        if (signal?.aborted === true) cancel(id);
      });
    },
    close: () => {
      thread.terminate();
      fail("the worker was closed");
    },
  };
}

function isCallback(name: string, value: unknown): boolean {
  return name === "signal" || typeof value === "function";
}

function hasFunctions(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.entries(value).some(([name, inner]) => isCallback(name, inner));
}

/** The memory of all typed arrays in a value, each once. */
export function buffersWithin(value: unknown): ArrayBuffer[] {
  const found = new Set<ArrayBuffer>();
  const visit = (part: unknown): void => {
    if (ArrayBuffer.isView(part)) {
      if (part.buffer instanceof ArrayBuffer) found.add(part.buffer);
    } else if (typeof part === "object" && part !== null && typeof (part as unknown[])[0] !== "number")
      Object.values(part).forEach(visit);
  };
  visit(value);
  return [...found];
}
