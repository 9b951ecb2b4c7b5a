/** Owns a session: one arena with a model's numbers in it, the routines over it, and how far its training is. */
import { writeTensor } from "./layout.ts";
import type { Floats, Plan, Tensor } from "./plan.ts";

/** One piece of the model's arithmetic over the first `count` samples; `first` is the place of the first in its step. */
export type Routine = (count: number, seed: number, step: number, first: number) => void;

/** Computes, in double precision, the numbers that depend on nothing but the step. */
export type Host = (floats: Floats, step: number, total: number, ease: number) => void;

/** Makes the routines for an arena. */
export type Engine = (arena: Arena) => Readonly<Record<string, Routine>>;

export interface Arena {
  readonly floats: Floats;
  readonly indices: Int32Array;
  /** Where the elements of tensors lie that are not row-major, as far as it was asked for. */
  readonly places: Map<Tensor, Int32Array>;
  /** The WebAssembly memory below both, where there is one. */
  readonly memory: object | null;
}

export interface Session<P extends Plan = Plan> extends Arena {
  readonly plan: P;
  readonly routines: Readonly<Record<string, Routine>>;
  readonly hosts: Readonly<Record<string, Host>>;
  /** Threads, where the module was made for them. */
  crew: Crew | null;
  seed: number;
  /** Steps done. */
  step: number;
  /** Steps in all, as far as is known: schedules ask for it. */
  total: number;
  /** What rates are multiplied by: less than 1 once there was no progress for a while. */
  ease: number;
}

/** Samples of a run, and where they lie: as if each slice were the arena. */
export interface Slice {
  readonly arena: Arena;
  readonly from: number;
  readonly count: number;
}

/** Samples that can be brought into an arena. */
export interface Source {
  readonly load: (arena: Arena, from: number, count: number) => void;
}

export interface Crew {
  readonly slices: number;
  readonly takes: (routine: string) => boolean;
  /** Runs a routine over slices of the samples; `first` is the place of the first one in its step. */
  readonly run: (
    session: Session,
    routine: string,
    feed: Source,
    from: number,
    count: number,
    first: number,
  ) => readonly Slice[];
  /** Makes of the gradients of slices those of all their samples, in the order of the slices. */
  readonly fold: (slices: readonly Slice[]) => void;
  /** Runs an element-wise routine; false where it is none. */
  readonly divide: (session: Session, routine: string) => boolean;
  readonly dispose: () => void;
}

/** Samples that one run of a routine takes. */
export function chunkOf({ plan, crew }: Session, routine: string): number {
  return plan.capacity * (crew !== null && crew.takes(routine) ? crew.slices : 1);
}

/** Runs a routine over some samples of a feed, in slices where there are threads. */
export function runOver(
  session: Session,
  routine: string,
  feed: Source,
  from: number,
  count: number,
  first: number,
): readonly Slice[] {
  if (session.crew !== null && session.crew.takes(routine))
    return session.crew.run(session, routine, feed, from, count, first);
  feed.load(session, from, count);
  run(session, routine, count, first);
  return [{ arena: session, from, count }];
}

export function openSession<P extends Plan>(
  plan: P,
  arena: Arena,
  engine: Engine,
  hosts: Readonly<Record<string, Host>>,
  seed: number,
): Session<P> {
  for (const table of plan.constants ?? []) writeTensor(arena, table, table.values);
  return {
    ...arena,
    plan,
    routines: engine(arena),
    hosts,
    crew: null,
    seed: seed | 0,
    step: 0,
    total: Infinity,
    ease: 1,
  };
}

export function plainArena(plan: Plan): Arena {
  return arenaOver(plan, new ArrayBuffer(plan.arena * plan.width), null);
}

export function arenaOver(plan: Plan, buffer: ArrayBuffer, memory: object | null): Arena {
  const floats = plan.width === 8 ? new Float64Array(buffer) : new Float32Array(buffer);
  return { floats, indices: new Int32Array(buffer), places: new Map(), memory };
}

export function run(session: Session, routine: string, count: number, first: number): void {
  session.hosts[routine]?.(session.floats, session.step, session.total, session.ease);
  session.routines[routine]!(count, session.seed, session.step, first);
}

/** @throws where a call holds more samples than one run of a routine that must see all of them. */
export function checkWhole({ whole, capacity, name }: Plan, routine: string, count: number): void {
  if (count <= capacity || whole?.includes(routine) !== true) return;
  throw new Error(
    `the samples of a batch depend on each other in ${name}, so that it takes at most ${capacity} at once, and was ` +
      `given ${count}: give fewer, or compile it with a larger \`batch\` in its recipe`,
  );
}
