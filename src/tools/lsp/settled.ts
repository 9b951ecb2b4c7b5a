/**
 * Owns what was last known of shapes while a newer text has not been checked yet: places before and behind the edit
 * still hold, those within it are dropped.
 */
import type { Fact } from "../../check/check.ts";
import type { Network } from "../../ir/network.ts";
import type { Source, Span } from "../../text/source.ts";

export interface Settled {
  readonly facts: readonly Fact[];
  readonly networks: readonly Network[];
}

/** Where a span of an older text lies in the newer one; null where the edit touched it. */
export function movedSpan(span: Span, sources: ReadonlyMap<string, Source>, edits: Edits): Span | null {
  const source = sources.get(span.source.name);
  if (source === undefined || source.text === span.source.text) return span;
  const { head, tail } = edits(span.source.text, source.text);
  if (span.end <= head) return { ...span, source };
  if (span.start < span.source.text.length - tail) return null;
  const by = source.text.length - span.source.text.length;
  return { source, start: span.start + by, end: span.end + by };
}

/** How many characters two texts share at their beginnings, and at their ends. */
export type Edits = (before: string, after: string) => { readonly head: number; readonly tail: number };

/** Remembers the last pair: all spans of a file ask for the same. */
export function editsBetween(): Edits {
  let last: {
    readonly before: string;
    readonly after: string;
    readonly head: number;
    readonly tail: number;
  } | null = null;
  return (before, after) => {
    if (last !== null && last.before === before && last.after === after) return last;
    const most = Math.min(before.length, after.length);
    let [head, tail] = [0, 0];
    while (head < most && before[head] === after[head]) head += 1;
    while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
    last = { before, after, head, tail };
    return last;
  };
}

export function moved({ facts, networks }: Settled, sources: ReadonlyMap<string, Source>): Settled {
  const edits = editsBetween();
  const move = <Placed extends { readonly span: Span }>(placed: readonly Placed[]): readonly Placed[] =>
    placed.flatMap((one) => {
      const span = movedSpan(one.span, sources, edits);
      return span === null ? [] : [{ ...one, span }];
    });
  return { facts: move(facts), networks: moveHeads(networks, sources, edits) };
}

/** A model whose body is being edited stays: its head is what stands still. */
function moveHeads(
  networks: readonly Network[],
  sources: ReadonlyMap<string, Source>,
  edits: Edits,
): readonly Network[] {
  return networks.flatMap((network) => {
    const head = { ...network.span, end: network.span.start };
    const span = movedSpan(head, sources, edits);
    return span === null ? [] : [{ ...network, span }];
  });
}
