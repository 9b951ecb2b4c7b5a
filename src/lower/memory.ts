/** Owns the memory plan: what stays has a place of its own, temporaries share theirs with others that are dead by then. */
import type { Buffer, MemoryPlan, Routine } from "../ir/loops.ts";
import { buffersIn } from "../ir/rewrite-loops.ts";

/** Elements; sixty-four bytes of floats, a cache line. */
const ALIGNMENT = 16;

function aligned(offset: number): number {
  return Math.ceil(offset / ALIGNMENT) * ALIGNMENT;
}

interface Life {
  readonly buffer: Buffer;
  readonly from: number;
  to: number;
}

/** From which section to which a temporary is needed. */
function livesIn(routine: Routine, isTemporary: (buffer: Buffer) => boolean): readonly Life[] {
  const lives = new Map<Buffer, Life>();
  for (const [index, section] of routine.sections.entries()) {
    for (const buffer of buffersIn(section.body)) {
      if (!isTemporary(buffer)) continue;
      const life = lives.get(buffer);
      if (life === undefined) lives.set(buffer, { buffer, from: index, to: index });
      else life.to = index;
    }
  }
  return [...lives.values()];
}

/** First fit by size: the largest are placed first, each at the lowest place that no living neighbour holds. */
function placeTemporaries(lives: readonly Life[], base: number, offsets: Map<Buffer, number>): number {
  const placed: { readonly life: Life; readonly start: number; readonly end: number }[] = [];
  const bySize = [...lives].sort((a, b) => b.buffer.storage - a.buffer.storage || a.from - b.from);
  for (const life of bySize) {
    const neighbours = placed
      .filter((other) => other.life.from <= life.to && life.from <= other.life.to)
      .sort((a, b) => a.start - b.start);
    let start = base;
    for (const neighbour of neighbours) {
      if (start + life.buffer.storage <= neighbour.start) break;
      start = Math.max(start, aligned(neighbour.end));
    }
    offsets.set(life.buffer, start);
    placed.push({ life, start, end: start + life.buffer.storage });
  }
  return placed.reduce((end, { end: each }) => Math.max(end, each), base);
}

/** What every slice of a batch has once; of some it always means that of the first slice. */
export interface SlicedBlocks {
  readonly blocks: readonly (readonly Buffer[])[];
  readonly ofFirst: ReadonlySet<Buffer>;
}

/**
 * `blocks` lie one after the other, each buffer of a block directly behind the one before it. A range over several
 * buffers begins where its first one does.
 */
export function planMemory(
  blocks: readonly (readonly Buffer[])[],
  ranges: ReadonlyMap<Buffer, Buffer>,
  routines: readonly Routine[],
  sliced: SlicedBlocks | null = null,
): MemoryPlan {
  const offsets = new Map<Buffer, number>();
  let end = 0;
  const place = (each: readonly (readonly Buffer[])[]): void => {
    for (const block of each) {
      end = aligned(end);
      for (const buffer of block) {
        offsets.set(buffer, end);
        end += buffer.storage;
      }
    }
  };
  place(blocks);
  end = aligned(end);
  const from = end;
  if (sliced !== null) place(sliced.blocks);
  for (const [range, first] of ranges) offsets.set(range, offsets.get(first)!);
  const base = aligned(end);
  const lasting = new Set(offsets.keys());
  const size = routines.reduce(
    (most, routine) =>
      Math.max(
        most,
        placeTemporaries(
          livesIn(routine, (buffer) => !lasting.has(buffer)),
          base,
          offsets,
        ),
      ),
    base,
  );
  const plan = { offsets, size: aligned(size) };
  return sliced === null ? plan : { ...plan, slices: { from, ofFirst: sliced.ofFirst } };
}
