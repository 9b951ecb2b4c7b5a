/** Owns renaming across files: what may be renamed, to what, and every place that changes. */
import {
  LSPErrorCodes,
  type Range,
  type RenameParams,
  ResponseError,
  type TextEdit,
  type WorkspaceEdit,
} from "vscode-languageserver";
import { reservedWords } from "../../../../grammar/tokens.ts";
import type { FileIndex, NamedSymbol, Use } from "../../../check/symbols/index.ts";
import { useAt } from "../analysis.ts";
import { type PositionParams, type Session, everyIndex, placeOf } from "../session.ts";

const reserved = new Set<string>(reservedWords);

export function prepareRename(
  session: Session,
  params: PositionParams,
): { range: Range; placeholder: string } {
  const use = renamable(session, params);
  return { range: session.places.range(use.span), placeholder: use.symbol.name };
}

export function rename(session: Session, params: RenameParams): WorkspaceEdit {
  const { symbol } = renamable(session, params);
  const { newName } = params;
  if (!/^[A-Za-z_]\w*$/.test(newName)) throw refusal(`\`${newName}\` is no name`);
  if (reserved.has(newName)) throw refusal(`\`${newName}\` is a reserved word`);
  const indexes = everyIndex(session);
  const uses = indexes.flatMap((index) => [...usesIn(index, symbol), ...calledAfter(index, symbol)]);
  const taken = indexes.map((index) => takenBy(index, symbol, newName)).find((found) => found !== null);
  if (taken !== undefined && newName !== symbol.name)
    throw refusal(`\`${newName}\` is already ${article(taken!)}`);
  const changes: Record<string, TextEdit[]> = {};
  for (const { span } of uses) {
    const uri = session.places.uriOf(span.source.name);
    (changes[uri] ??= []).push({ range: session.places.range(span), newText: newName });
  }
  return { changes };
}

function usesIn({ uses }: FileIndex, { id }: NamedSymbol): readonly Use[] {
  return uses.filter((use) => use.symbol.id === id);
}

/** `loss my_loss(…)` is called after what it calls: who speaks of that loss follows. */
function calledAfter(index: FileIndex, symbol: NamedSymbol): readonly Use[] {
  const calls = new Set(usesIn(index, symbol).map(({ span }) => span.start));
  return index.uses.filter(
    (use) => use.symbol.derived && use.symbol.declarations.some(({ span }) => calls.has(span.start)),
  );
}

/** What a new name would collide with in a file that uses the symbol. */
function takenBy(index: FileIndex, symbol: NamedSymbol, name: string): NamedSymbol | null {
  const uses = usesIn(index, symbol);
  if (uses.length === 0) return null;
  const bodies = index.bodies.filter(({ span }) =>
    uses.some((use) => use.span.start >= span.start && use.span.end <= span.end),
  );
  const within = bodies.map(({ values }) => values.get(name)).find((found) => found !== undefined);
  const global = symbol.container === null ? index.globals.get(name) : undefined;
  return within ?? global ?? null;
}

function renamable(session: Session, params: PositionParams): Use {
  const place = placeOf(session, params);
  const use = place === null ? null : useAt(place.analysis.index(), place.offset);
  if (use === null) throw refusal("there is no name here");
  const { source, name, derived } = use.symbol;
  if (source === null) throw refusal(`\`${name}\` is built into the language`);
  if (session.places.isLibrary(source.name)) throw refusal(`\`${name}\` belongs to the library`);
  if (derived)
    throw refusal(`\`${name}\` is called after its call; give it a name of its own: \`loss name = …\``);
  return use;
}

function article(symbol: NamedSymbol): string {
  return /^[aeio]/.test(symbol.sort) ? `an ${symbol.sort} here` : `a ${symbol.sort} here`;
}

function refusal(message: string): ResponseError {
  return new ResponseError(LSPErrorCodes.RequestFailed, message);
}
