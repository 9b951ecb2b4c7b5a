/** Owns what is known of one file at one moment: its tree, its names, its shapes; each worked out when first asked for. */
import { type Checked, check } from "../../check/check.ts";
import {
  type FileIndex,
  type NamedSymbol,
  type Use,
  type World,
  indexFile,
} from "../../check/symbols/index.ts";
import { gradientDiagnostics } from "../../compile.ts";
import type { Network } from "../../ir/network.ts";
import { libraryIndex } from "../../library/table.generated.ts";
import type { Diagnostic } from "../../report/diagnostic.ts";
import type { Definition, SourceFile } from "../../syntax/ast.ts";
import { type Token, lex } from "../../syntax/parse.ts";
import type { Source } from "../../text/source.ts";
import { type Once, once } from "./once.ts";
import { type Settled, moved } from "./settled.ts";
import type { Workspace } from "./workspace.ts";

export interface Analysis {
  readonly source: Source;
  readonly file: SourceFile;
  readonly sources: ReadonlyMap<string, Source>;
  /** Tokens and comments, in order. */
  readonly tokens: () => readonly Token[];
  readonly index: () => FileIndex;
  readonly checked: Once<Checked>;
  /** What checking complains of, and differentiating once it was asked for. */
  readonly diagnostics: () => readonly Diagnostic[];
  /** Paths that nothing can be learnt along: takes long, and is asked for when a file is opened or saved. */
  readonly gradientMistakes: Once<readonly Diagnostic[]>;
  /** The networks of the file's models that have no mistakes, in order. */
  readonly networks: () => readonly Network[];
  /** What is known of shapes without waiting: of the text before the last keystrokes while this one is not checked. */
  readonly settled: () => Settled;
  /** The newest that checking has told, of this text or of one before; null where nothing was checked yet. */
  readonly lastTold: () => Settled | null;
}

export interface Analyses {
  readonly of: (name: string) => Analysis | null;
  readonly world: World;
}

export function createAnalyses(workspace: Workspace): Analyses {
  const known = new Map<string, Analysis>();
  const world = worldOf(workspace);
  return {
    world,
    of: (name) => {
      const source = workspace.source(name);
      if (source === null) return null;
      const sources = workspace.closure(name);
      const before = known.get(name);
      if (before !== undefined && sameSources(before.sources, sources)) return before;
      const analysis = analyse(workspace, world, source, sources, before?.lastTold() ?? null);
      known.set(name, analysis);
      return analysis;
    },
  };
}

function sameSources(a: ReadonlyMap<string, Source>, b: ReadonlyMap<string, Source>): boolean {
  return a.size === b.size && [...a].every(([name, source]) => b.get(name) === source);
}

function analyse(
  workspace: Workspace,
  world: World,
  source: Source,
  sources: ReadonlyMap<string, Source>,
  before: Settled | null,
): Analysis {
  const { file } = workspace.read(source);
  const checked = once(() => check(source.name, sources, {}, workspace.read));
  const networks = once(() => {
    const { network, models } = checked();
    if (network !== null) return [network];
    if (models.length < 2) return [];
    return models.flatMap((model) => {
      const one = check(source.name, sources, { model }, workspace.read).network;
      return one === null ? [] : [one];
    });
  });
  const gradientMistakes = once(() => networks().flatMap(gradientDiagnostics));
  const now = once((): Settled => ({ facts: checked().facts, networks: networks() }));
  const earlier = once(() => moved(before!, sources));
  return {
    source,
    file,
    sources,
    tokens: once(() => lex(source)),
    index: once(() => indexFile(file, world)),
    checked,
    diagnostics: () => [...checked().diagnostics, ...(gradientMistakes.sofar()?.value ?? [])],
    gradientMistakes,
    networks,
    settled: () => (before === null || checked.sofar() !== null ? now() : earlier()),
    lastTold: () => (checked.sofar() === null ? before : now()),
  };
}

function worldOf(workspace: Workspace): World {
  const treeOf = (name: string): SourceFile | null => {
    const source = workspace.source(name);
    return source === null ? null : workspace.read(source).file;
  };
  return {
    fileNamed: treeOf,
    library: (name) => {
      const home = libraryIndex.get(name);
      const file = home === undefined ? null : treeOf(`library/${home}`);
      const definition = file?.declarations.find(
        (declaration): declaration is Definition =>
          declaration.kind === "definition" && declaration.name.text === name,
      );
      return file === null || definition === undefined ? null : { definition, file };
    },
  };
}

/** The name at an offset; at the end of a word it still counts. */
export function useAt(index: FileIndex, offset: number): Use | null {
  const touching = index.uses.filter(({ span }) => span.start <= offset && offset <= span.end);
  return touching.find(({ span }) => offset < span.end) ?? touching[0] ?? null;
}

/** The declaration that text at an offset reads: the last one made before it. */
export function declarationBefore(
  symbol: NamedSymbol,
  offset: number,
): NamedSymbol["declarations"][number] | null {
  return symbol.declarations.findLast(({ from }) => from <= offset) ?? symbol.declarations[0] ?? null;
}
