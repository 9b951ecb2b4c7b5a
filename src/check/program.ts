/** Owns the files of a program and what each lets its text name: own declarations, imports, the library. */
import {
  alreadyDeclared,
  importCycle,
  importMissing,
  notExported,
  shadowsModel,
} from "../report/catalogue/check.ts";
import type { Diagnostic } from "../report/diagnostic.ts";
import { suggest } from "../report/suggest.ts";
import { library, libraryIndex } from "../library/table.generated.ts";
import type { Constant, Declaration, Definition, Model, Name, Recipe, SourceFile } from "../syntax/ast.ts";
import { parse } from "../syntax/parse.ts";
import type { Source } from "../text/source.ts";

/** One file with what can be named in it. */
export interface FileScope {
  readonly file: SourceFile;
  readonly library: boolean;
  readonly definitions: ReadonlyMap<string, Named<Definition>>;
  readonly constants: ReadonlyMap<string, Named<Constant>>;
  /** Names that an import promised and did not bring: reported once, then passed over in silence. */
  readonly promised: ReadonlySet<string>;
}

/** A declaration with the file in whose terms it is written. */
export interface Named<Of> {
  readonly declaration: Of;
  readonly home: () => FileScope;
}

export interface Program {
  readonly entry: FileScope;
  /** Every file of the user, the entry first. */
  readonly files: readonly FileScope[];
  readonly models: readonly Model[];
  readonly recipes: readonly Recipe[];
  /** The library's definition of a name; its file is parsed when first asked for. */
  readonly libraryDefinition: (name: string) => { definition: Definition; home: FileScope } | null;
  readonly isLibrary: (source: Source) => boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/** The files that a file imports, by the names that `sources` must hold them under. */
export function imports(file: SourceFile): readonly string[] {
  const wanted = file.declarations.flatMap((declaration) =>
    declaration.kind === "import" ? [resolvePath(file.source.name, declaration.from.value)] : [],
  );
  return [...new Set(wanted)];
}

/** `./blocks.nn` as seen from `models/net.nn` is `models/blocks.nn`. */
export function resolvePath(from: string, to: string): string {
  if (to.startsWith("/")) return to;
  const steps = from.split("/").slice(0, -1);
  for (const step of to.split("/")) {
    if (step === "..") {
      if (steps.length > 0 && steps.at(-1) !== "..") steps.pop();
      else steps.push("..");
    } else if (step !== "." && step !== "") steps.push(step);
  }
  return steps.join("/");
}

/** How a source becomes a tree: a tool that reads one text often may remember the last tree. */
export type Reader = typeof parse;

/** Parses the entry and whatever it imports, and binds the names of each file. */
export function loadProgram(
  entry: Source,
  sources: ReadonlyMap<string, Source>,
  read: Reader = parse,
): Program {
  const diagnostics: Diagnostic[] = [];
  const scopes = new Map<string, FileScope>();
  /** Files whose imports are being followed, outermost first. */
  const following: string[] = [];

  const load = (source: Source): FileScope => {
    const known = scopes.get(source.name);
    if (known !== undefined) return known;
    const parsed = read(source);
    diagnostics.push(...parsed.diagnostics);
    const definitions = new Map<string, Named<Definition>>();
    const constants = new Map<string, Named<Constant>>();
    const promised = new Set<string>();
    const scope: FileScope = { file: parsed.file, library: false, definitions, constants, promised };
    scopes.set(source.name, scope);
    const taken = new Map<string, Name>();
    const take = (name: Name): boolean => {
      const before = taken.get(name.text);
      if (before !== undefined)
        diagnostics.push(alreadyDeclared.build({ name, before: before.span, what: "this file" }));
      else taken.set(name.text, name);
      return before === undefined;
    };
    following.push(source.name);
    for (const declaration of parsed.file.declarations) {
      if (declaration.kind === "definition" && take(declaration.name))
        definitions.set(declaration.name.text, { declaration, home: () => scope });
      if (declaration.kind === "constant" && take(declaration.name))
        constants.set(declaration.name.text, { declaration, home: () => scope });
      if (declaration.kind === "model") take(declaration.name);
      if (declaration.kind === "import")
        bindImport(declaration, take, definitions, constants, promised, source);
    }
    following.pop();
    return scope;
  };

  const bindImport = (
    declaration: Declaration & { readonly kind: "import" },
    take: (name: Name) => boolean,
    definitions: Map<string, Named<Definition>>,
    constants: Map<string, Named<Constant>>,
    promised: Set<string>,
    from: Source,
  ): void => {
    const path = resolvePath(from.name, declaration.from.value);
    const source = sources.get(path);
    if (source === undefined) {
      diagnostics.push(importMissing.build({ span: declaration.from.span, path }));
      for (const name of declaration.names) if (take(name)) promised.add(name.text);
      return;
    }
    const begin = following.indexOf(path);
    if (begin >= 0) {
      const circle = following.slice(begin);
      const through = circle.length === 1 ? circle : [...circle, path];
      diagnostics.push(importCycle.build({ span: declaration.from.span, through }));
    }
    const target = load(source);
    for (const name of declaration.names) {
      if (!take(name)) continue;
      const found = declarationOf(target.file, name.text);
      if (found?.kind === "definition")
        definitions.set(name.text, { declaration: found, home: () => target });
      else if (found?.kind === "constant")
        constants.set(name.text, { declaration: found, home: () => target });
      else if (found?.kind === "model") diagnostics.push(shadowsModel.build({ name, path }));
      else {
        promised.add(name.text);
        const names = target.file.declarations.flatMap((other) => ("name" in other ? [other.name.text] : []));
        diagnostics.push(notExported.build({ name, path, suggestion: suggest(name.text, names) }));
      }
    }
  };

  const entryScope = load(entry);
  const libraryScopes = new Map<string, FileScope>();
  const loadLibrary = (file: string): FileScope | null => {
    const known = libraryScopes.get(file);
    if (known !== undefined) return known;
    const text = library.get(file);
    if (text === undefined) return null;
    const parsed = read({ name: `library/${file}`, text });
    const definitions = new Map<string, Named<Definition>>();
    const constants = new Map<string, Named<Constant>>();
    const scope: FileScope = {
      file: parsed.file,
      library: true,
      definitions,
      constants,
      promised: new Set(),
    };
    libraryScopes.set(file, scope);
    for (const declaration of parsed.file.declarations) {
      if (declaration.kind === "definition")
        definitions.set(declaration.name.text, { declaration, home: () => scope });
      if (declaration.kind === "constant")
        constants.set(declaration.name.text, { declaration, home: () => scope });
    }
    return scope;
  };

  return {
    entry: entryScope,
    files: [...scopes.values()],
    models: entryScope.file.declarations.filter((declaration) => declaration.kind === "model"),
    recipes: entryScope.file.declarations.filter((declaration) => declaration.kind === "recipe"),
    libraryDefinition: (name) => {
      const file = libraryIndex.get(name);
      const home = file === undefined ? null : loadLibrary(file);
      const found = home?.definitions.get(name);
      return home === null || found === undefined ? null : { definition: found.declaration, home };
    },
    isLibrary: (source) => [...libraryScopes.values()].some((scope) => scope.file.source === source),
    diagnostics,
  };
}

function declarationOf(file: SourceFile, name: string): Declaration | undefined {
  return file.declarations.find((declaration) => "name" in declaration && declaration.name.text === name);
}
