/**
 * Owns what every name of a file stands for, from the tree alone: it needs no shapes, so it knows as much of a broken
 * file, and of a layer that nobody calls, as of a whole one. Never complains: that is elaboration's part.
 */
import { libraryIndex } from "../../library/table.generated.ts";
import { operations } from "../../ops/index.ts";
import type {
  Block,
  Definition,
  Entry,
  Model,
  Name,
  Parameter,
  Recipe,
  Result,
  SourceFile,
} from "../../syntax/ast.ts";
import { staticFunctions } from "../statics/arithmetic.ts";
import { builtins } from "../elaborate/builtin.ts";
import { expectedBy } from "../statics/option.ts";
import { resolvePath } from "../program.ts";
import { type Reading, readBlock, readExpression, readType } from "./reading.ts";
import { readRecipe } from "./recipe.ts";
import {
  type NamedSymbol,
  type Use,
  type UseRole,
  type World,
  builtInSymbol,
  symbolOfDeclaration,
  symbolOfParameter,
} from "./symbol.ts";
import {
  type BodyTable,
  declare,
  declareStatements,
  dimensionNames,
  languageNames,
  typesOf,
} from "./table.ts";

export { builtInSymbol } from "./symbol.ts";
export type { Declared, NamedSymbol, SymbolSort, Use, UseRole, World } from "./symbol.ts";
export type { BodyTable } from "./table.ts";

export interface FileIndex {
  readonly file: SourceFile;
  /** In text order. */
  readonly uses: readonly Use[];
  /** Bodies of models, definitions and entries; inner ones after outer ones. */
  readonly bodies: readonly BodyTable[];
  /** Declarations of the file and what it imports, by name. */
  readonly globals: ReadonlyMap<string, NamedSymbol>;
  /** What text at an offset can name, also where nothing that could be read stands there yet. */
  readonly at: (offset: number) => Visible;
}

export interface Visible {
  readonly body: BodyTable | null;
  /** Values bound before the offset, innermost body first. */
  readonly values: readonly NamedSymbol[];
  readonly calleeOf: (name: string) => NamedSymbol | null;
}

const builtIn: ReadonlySet<string> = new Set([...builtins, ...operations.keys(), ...staticFunctions]);

export function indexFile(file: SourceFile, world: World): FileIndex {
  const uses: Use[] = [];
  const bodies: BodyTable[] = [];
  const globals = new Map<string, NamedSymbol>();
  const note = (name: Name, symbol: NamedSymbol | null, role: UseRole): void => {
    if (symbol !== null && name.text !== "" && name.span.end > name.span.start)
      uses.push({ span: name.span, symbol, role });
  };

  for (const declaration of file.declarations) {
    if (declaration.kind === "import") {
      const target = world.fileNamed(resolvePath(file.source.name, declaration.from.value));
      for (const name of declaration.names) {
        const found = target === null ? null : exported(target, name.text);
        if (found === null) continue;
        if (!globals.has(name.text)) globals.set(name.text, found);
        note(name, found, "imports");
      }
    } else if (declaration.kind !== "recipe") {
      const symbol = symbolOfDeclaration(file, declaration);
      if (!globals.has(symbol.name)) globals.set(symbol.name, symbol);
      note(declaration.name, symbol, "declares");
    }
  }

  const libraryCallee = (name: string): NamedSymbol | null => {
    if (!libraryIndex.has(name)) return null;
    const found = world.library(name);
    return found === null ? null : symbolOfDeclaration(found.file, found.definition);
  };

  const readingOf = (table: BodyTable | null): Reading => {
    const own = (name: string): NamedSymbol | null => {
      for (let at = table; at !== null; at = at.outer) {
        const found = at.values.get(name);
        if (found !== undefined) return found;
      }
      return null;
    };
    const global = (name: string): NamedSymbol | null => globals.get(name) ?? null;
    const made = (name: string): NamedSymbol | null => table?.outputs.get(name) ?? null;
    return {
      file,
      table,
      indices: new Map(),
      valueOf: (name) => own(name) ?? (languageNames.has(name) ? null : (global(name) ?? made(name))),
      calleeOf: (name) => {
        const bound = own(name);
        if (bound?.callable === true) return bound;
        const found = global(name);
        if (found?.callable === true) return found;
        return libraryCallee(name) ?? (builtIn.has(name) ? builtInSymbol(name) : (bound ?? found));
      },
      libraryCallee,
      note,
      parameterOf: (callee, label) => {
        const { node, source } = callee;
        if (node?.kind !== "definition" || source === null) return null;
        const parameter = node.parameters.find(({ name }) => name.text === label);
        const home = { ...file, source };
        return parameter === undefined ? null : symbolOfParameter(home, node, parameter);
      },
    };
  };

  const readBody = (owner: Definition | Model | Entry, block: Block, outer: BodyTable | null): BodyTable => {
    const container = outer === null ? owner.name.text : `${outerName(outer)}.${owner.name.text}`;
    const table: BodyTable = {
      owner,
      span: owner.span,
      values: new Map(),
      outputs: new Map(),
      losses: new Map(),
      scores: new Map(),
      outer,
    };
    bodies.push(table);
    for (const parameter of owner.parameters)
      if (!table.values.has(parameter.name.text))
        table.values.set(parameter.name.text, parameterSymbol(file, owner, container, parameter));
    declareStatements(table, file, container, `${container}.`, block);
    const reading = readingOf(table);
    bindDimensions(table, reading, container, owner, block);
    for (const symbol of table.values.values())
      for (const { span } of symbol.declarations)
        note(
          { text: symbol.name, span },
          symbol,
          span === symbol.declarations[0]!.span ? "declares" : "writes",
        );
    for (const space of [table.outputs, table.losses, table.scores])
      for (const symbol of space.values())
        if (!symbol.derived)
          for (const { span } of symbol.declarations) note({ text: symbol.name, span }, symbol, "declares");
    const results = "results" in owner ? owner.results : [];
    readSignature(reading, owner.parameters, results);
    for (const { name } of results)
      if (name !== null) {
        const space = new Map<string, NamedSymbol>();
        const described = { sort: "output", name, from: owner.span.start, node: null } as const;
        note(name, declare(space, file, `${container}.result `, container, described), "declares");
      }
    readBlock(reading, block, (entry) => void readBody(entry, entry.body, table));
    return table;
  };

  const models = new Map<string, BodyTable>();
  for (const declaration of file.declarations) {
    if (declaration.kind === "constant") readExpression(readingOf(null), declaration.value);
    if (declaration.kind === "definition") readBody(declaration, declaration.body, null);
    if (declaration.kind === "model")
      models.set(declaration.name.text, readBody(declaration, declaration.body, null));
  }
  for (const declaration of file.declarations) if (declaration.kind === "recipe") readTrain(declaration);

  function readTrain(recipe: Recipe): void {
    note(recipe.model, globals.get(recipe.model.text) ?? null, "reads");
    const table = models.get(recipe.model.text) ?? null;
    if (recipe.alias !== null) {
      const symbol = declare(new Map(), file, `${recipe.model.text} as `, recipe.model.text, {
        sort: "recipe",
        name: recipe.alias,
        from: 0,
        doc: recipe.doc,
        node: recipe,
      });
      note(recipe.alias, symbol, "declares");
    }
    readRecipe(readingOf(table), recipe);
  }

  const at = (offset: number): Visible => {
    const body = bodyAt(file, bodies, offset);
    const values: NamedSymbol[] = [];
    for (let table = body; table !== null; table = table.outer)
      for (const symbol of table.values.values())
        if (symbol.declarations.some(({ from }) => from <= offset)) values.push(symbol);
    return { body, values, calleeOf: readingOf(body).calleeOf };
  };
  return { file, uses: uses.sort((a, b) => a.span.start - b.span.start), bodies, globals, at };
}

/** The innermost body around an offset; behind what could be read of a declaration, up to the next one, still its. */
function bodyAt(file: SourceFile, bodies: readonly BodyTable[], offset: number): BodyTable | null {
  const declaration = file.declarations.findLast(({ span }) => span.start <= offset);
  if (declaration === undefined) return null;
  const entries = bodies.filter(
    ({ outer, span }) => outer?.owner === declaration && span.start <= offset && offset <= span.end,
  );
  return entries.at(-1) ?? bodies.find(({ owner }) => owner === declaration) ?? null;
}

/** What a file lets others import. */
export function exported(file: SourceFile, name: string): NamedSymbol | null {
  for (const declaration of file.declarations)
    if (declaration.kind !== "import" && declaration.kind !== "recipe" && declaration.name.text === name)
      return symbolOfDeclaration(file, declaration);
  return null;
}

function outerName(table: BodyTable): string {
  return "name" in table.owner ? table.owner.name.text : "";
}

function parameterSymbol(
  file: SourceFile,
  owner: Definition | Model | Entry,
  container: string,
  parameter: Parameter,
): NamedSymbol {
  if (owner.kind !== "entry") return symbolOfParameter(file, owner, parameter);
  const space = new Map<string, NamedSymbol>();
  const sort = parameter.type.kind === "named" ? "option" : "tensor";
  return declare(space, file, `${container}.`, container, {
    sort,
    name: parameter.name,
    from: owner.span.start,
    node: parameter,
  });
}

/** Names in shapes that nothing else declares are dimensions of the body's own. */
function bindDimensions(
  table: BodyTable,
  reading: Reading,
  container: string,
  owner: Definition | Model | Entry,
  block: Block,
): void {
  const results = "results" in owner ? owner.results : [];
  for (const type of typesOf(owner.parameters, results, block)) {
    for (const name of dimensionNames(type)) {
      const known = reading.valueOf(name.text);
      if (languageNames.has(name.text)) continue;
      if (known === null)
        declare(table.values, reading.file, `${container}.`, container, {
          sort: "dimension",
          name,
          from: owner.span.start,
          node: null,
        });
      else if (known.declarations.every(({ span }) => span !== name.span)) reading.note(name, known, "reads");
    }
  }
}

function readSignature(reading: Reading, parameters: readonly Parameter[], results: readonly Result[]): void {
  for (const { type } of [...parameters, ...results]) readType(reading, type);
  for (const { fallback, type } of parameters) {
    const word = fallback?.kind === "name" && expectedBy(type).words.includes(fallback.name.text);
    if (fallback !== null && !word) readExpression(reading, fallback);
  }
}
