/** Owns which declarations of the runtime a module carries: those that it reaches, and no other. */
import { runtimeDeclarations } from "./runtime.generated.ts";

export interface RuntimeText {
  readonly text: string;
  /** Names of other declarations it needs. */
  readonly uses: readonly string[];
}

/** One declaration of `src/runtime`; null where JavaScript has nothing to print for it. */
export interface RuntimeDeclaration {
  readonly file: string;
  readonly name: string;
  readonly typescript: RuntimeText;
  readonly javascript: RuntimeText | null;
  /** A type or a class as declarations hold it; null for all else. */
  readonly declared: RuntimeText | null;
}

export type Language = "typescript" | "javascript";

/** The names of all declarations: nothing else at the top of a module may be called so. */
export const runtimeNames: ReadonlySet<string> = new Set(runtimeDeclarations.map(({ name }) => name));

/** The declarations that `roots` reach, in reading order; those of `exported` are exported. */
export function printRuntime(
  language: Language,
  roots: Iterable<string>,
  exported: ReadonlySet<string>,
): string {
  const reached = reachedFrom(roots, (declaration) => declaration[language]?.uses ?? []);
  const parts: string[] = [];
  let file = "";
  for (const declaration of runtimeDeclarations) {
    const printed = declaration[language];
    if (printed === null || !reached.has(declaration.name)) continue;
    if (declaration.file !== file) parts.push(`// runtime: ${declaration.file}`);
    file = declaration.file;
    parts.push(exported.has(declaration.name) ? withExport(printed.text) : printed.text);
  }
  return parts.join("\n\n");
}

/** The types among `roots` and those they name, as a `.d.ts` holds them; those of `exported` are exported. */
export function printDeclaredRuntime(roots: readonly string[], exported: ReadonlySet<string>): string {
  const types = runtimeDeclarations.filter(({ declared }) => declared !== null);
  const names = new Set(types.map(({ name }) => name));
  const reached = reachedFrom(
    roots.filter((name) => names.has(name) && exported.has(name)),
    ({ declared }) => declared?.uses ?? [],
  );
  return types
    .filter(({ name }) => reached.has(name))
    .map(({ name, declared }) => (exported.has(name) ? withExport(declared!.text) : declared!.text))
    .join("\n\n");
}

function reachedFrom(
  roots: Iterable<string>,
  usesOf: (declaration: RuntimeDeclaration) => readonly string[],
): ReadonlySet<string> {
  const byName = new Map(runtimeDeclarations.map((declaration) => [declaration.name, declaration]));
  const reached = new Set<string>();
  const waiting = [...roots];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const declaration = byName.get(name);
    if (reached.has(name) || declaration === undefined) continue;
    reached.add(name);
    waiting.push(...usesOf(declaration));
  }
  return reached;
}

/** `export` stands after the documentation. */
function withExport(text: string): string {
  return text.replace(/^(\/\*\*[^]*?\*\/\s*)?/, (doc) => `${doc}export `);
}
