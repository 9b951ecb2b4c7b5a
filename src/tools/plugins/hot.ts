/**
 * Owns the exchange of networks in a page that runs: when a program is edited, its instances get the new class and keep
 * the weights whose shapes did not change. It runs in the browser, during development only.
 */

/** What of the browser is used. */
interface Page {
  readonly location: { reload(): void };
  dispatchEvent(event: Event): void;
}

/** What of Vite's `import.meta.hot` is used. */
interface Hot {
  readonly data: Record<string, unknown>;
  invalidate(message?: string): void;
}

/** What of a generated class is used. */
interface Network {
  save?(): Uint8Array;
  fit?(batch: object, options?: FitOptions): Promise<unknown>;
}

interface FitOptions {
  readonly signal?: { readonly aborted: boolean };
}

interface NetworkClass {
  readonly prototype: object;
  create?(options?: object): Promise<Network>;
  load(bytes: Uint8Array, options?: object): Promise<Network>;
}

/** An instance as the page holds it, and the network behind it at present. */
interface Held {
  network: Network;
  /** Trainings under way; they end after their step when the network is exchanged. */
  readonly fits: Set<Promise<unknown>>;
  exchanging: boolean;
}

/** What outlives an update of the module. */
interface Shelf {
  readonly name: string;
  current: NetworkClass;
  readonly held: Set<WeakRef<Held>>;
  readonly face: NetworkClass;
}

function page(): Page {
  return globalThis as unknown as Page;
}

/** The class as importers see it: always the newest, the instances with it. */
export function reloading(hot: Hot, name: string, loaded: NetworkClass): NetworkClass {
  const known = hot.data["nnc"] as Shelf | undefined;
  if (known === undefined || known.name !== name) {
    if (known !== undefined) hot.invalidate(`${known.name} is gone`);
    const shelf = newShelf(name, loaded);
    hot.data["nnc"] = shelf;
    return shelf.face;
  }
  known.current = loaded;
  for (const reference of known.held) {
    const held = reference.deref();
    if (held === undefined) known.held.delete(reference);
    else void exchange(held, known);
  }
  return known.face;
}

function newShelf(name: string, loaded: NetworkClass): Shelf {
  const held = new Set<WeakRef<Held>>();
  const opening = (method: "create" | "load") => {
    return async (...given: readonly unknown[]) => {
      const open = shelf.current[method] as ((...given: readonly unknown[]) => Promise<Network>) | undefined;
      if (open === undefined) throw new TypeError(`${name}.${method} is not a function`);
      const one: Held = {
        network: await open.apply(shelf.current, [...given]),
        fits: new Set(),
        exchanging: false,
      };
      const face = faceOf(one);
      held.add(new WeakRef(one));
      return face;
    };
  };
  // Nothing of the target is seen; a function's `prototype`, other than a class's, may be answered by another.
  const face = new Proxy(function () {} as unknown as NetworkClass, {
    getPrototypeOf: () => Reflect.getPrototypeOf(shelf.current),
    get: (_, key) => {
      if (key === "create" || key === "load") return key in shelf.current ? opening(key) : undefined;
      return Reflect.get(shelf.current, key) as unknown;
    },
  });
  const shelf: Shelf = { name, current: loaded, held, face };
  return shelf;
}

/** Passes all on to the network behind it; trainings also end when that is exchanged. */
function faceOf(held: Held): Network {
  const { network } = held;
  return new Proxy(network, {
    getPrototypeOf: () => Reflect.getPrototypeOf(held.network),
    get: (_, key) => {
      const { network: now } = held;
      const value = Reflect.get(now, key, now) as unknown;
      if (typeof value !== "function") return value;
      if (key !== "fit") return value.bind(now) as unknown;
      return (batch: object, options: FitOptions = {}) => {
        const signal = {
          get aborted() {
            return held.exchanging || options.signal?.aborted === true;
          },
        };
        const fit = now.fit!(batch, { ...options, signal });
        held.fits.add(fit);
        const done = () => held.fits.delete(fit);
        fit.then(done, done);
        return fit;
      };
    },
  });
}

async function exchange(held: Held, { name, current }: Shelf): Promise<void> {
  held.exchanging = true;
  await Promise.allSettled(held.fits);
  const before = held.network.save?.();
  if (before === undefined || current.create === undefined) {
    page().location.reload();
    return;
  }
  const fresh = (await current.create()).save!();
  const { kept, all } = takeOver(fresh, before);
  held.network = await current.load(fresh);
  held.exchanging = false;
  // eslint-disable-next-line no-console -- told to who develops, in the browser's console.
  console.info(`[nnc] ${name} was exchanged; ${kept} of its ${all} tensors kept their numbers`);
  page().dispatchEvent(new CustomEvent("nnc:reload", { detail: { name, kept, all } }));
}

interface Stored {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** Copies into one safetensors file what another holds under the same name in the same shape. */
function takeOver(into: Uint8Array, from: Uint8Array): { readonly kept: number; readonly all: number } {
  const [mine, theirs] = [openTensors(into), openTensors(from)];
  let kept = 0;
  let all = 0;
  for (const [name, { dtype, shape, data_offsets: place }] of Object.entries(mine.tensors)) {
    if (name.startsWith("training/")) continue;
    all += 1;
    const found = theirs.tensors[name];
    if (found === undefined || found.dtype !== dtype || String(found.shape) !== String(shape)) continue;
    const [start, end] = found.data_offsets;
    mine.data.set(theirs.data.subarray(start, end), place[0]);
    kept += 1;
  }
  return { kept, all };
}

/** The header's length in eight bytes, the header as JSON, the data. */
function openTensors(bytes: Uint8Array) {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as Record<
    string,
    Stored
  >;
  const { __metadata__: _, ...tensors } = header;
  return { tensors, data: bytes.subarray(8 + length) };
}
