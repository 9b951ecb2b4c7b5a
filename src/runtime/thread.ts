/** Owns the far side of a worker: holds a network, answers calls to it, and hands results over without copying. */
import { type Answer, buffersWithin, type Call } from "./remote.ts";
import type { Parameters } from "./parameters.ts";

/** The class of a module as it is served. */
export interface ServedClass {
  create?(...given: readonly unknown[]): Promise<object>;
  load(...given: readonly unknown[]): Promise<object>;
}

/** Milliseconds after which a training looks for messages. */
const patience = 20;

interface Mailbox {
  postMessage(message: Answer, transfer: readonly object[]): void;
}

export function serveNetwork(served: ServedClass): void {
  const { port, listen } = openMailbox();
  const running = new Map<number, { aborted: boolean }>();
  let network: object | null = null;
  const perform = async ({ id, method, given, options, callbacks }: Call): Promise<unknown> => {
    const full = [...given];
    if (method === "fit") {
      const place = options < 0 ? 1 : options;
      const signal = { aborted: false };
      running.set(id, signal);
      const reports = callbacks.map((callback) => {
        const report = (value: unknown) => port.postMessage({ id, callback, report: value }, []);
        return [callback, report] as const;
      });
      const asked = (full[place] ?? {}) as object;
      full[place] = { yieldEvery: patience, ...asked, ...Object.fromEntries(reports), signal };
    }
    if (method === "create" || method === "load") {
      network = await served[method]!(...full);
      return undefined;
    }
    const { parameters } = network as { parameters: Parameters };
    if (method === "parameters") return parameters.map(({ name, shape }) => ({ name, shape }));
    if (method === "get") return parameters.get(full[0] as string);
    if (method === "set") return parameters.set(full[0] as string, full[1] as ArrayLike<number>);
    const member = (network as Record<string, unknown>)[method];
    return typeof member === "function" ? (member.apply(network, full) as unknown) : member;
  };
  listen((message) => {
    const { id } = message;
    if ("cancel" in message) {
      const signal = running.get(id);
      if (signal !== undefined) signal.aborted = true;
      return;
    }
    perform(message)
      .then(
        (result) => port.postMessage({ id, result }, buffersWithin(result)),
        (error: unknown) => port.postMessage({ id, error: plainError(error) }, []),
      )
      .finally(() => running.delete(id));
  });
}

type Message = Call | { readonly id: number; readonly cancel: true };

/** The worker's own end: its global scope, or in Node its port. */
function openMailbox(): { port: Mailbox; listen: (receive: (message: Message) => void) => void } {
  const scope = globalThis as unknown as Mailbox & {
    addEventListener?(kind: "message", listener: (event: { data: Message }) => void): void;
    process?: { getBuiltinModule?(name: string): { parentPort: NodeMailbox | null } };
  };
  const nodeMailbox = scope.process?.getBuiltinModule?.("node:worker_threads").parentPort ?? null;
  if (nodeMailbox !== null)
    return { port: nodeMailbox, listen: (receive) => nodeMailbox.on("message", receive) };
  return {
    port: scope,
    listen: (receive) => scope.addEventListener?.("message", ({ data }) => receive(data)),
  };
}

interface NodeMailbox extends Mailbox {
  on(kind: "message", listener: (message: Message) => void): void;
}

/** With what an error says besides its message: the step of a loss that is no number. */
function plainError(error: unknown): { name: string; message: string } {
  if (!(error instanceof Error)) return { name: "Error", message: String(error) };
  return { ...error, name: error.name, message: error.message };
}
