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
  const byName = new Map(runtimeDeclarations.map((declaration) => [declaration.name, declaration]));
  const reached = new Set<string>();
  const waiting = [...roots];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    waiting.push(...(byName.get(name)?.[language]?.uses ?? []));
  }
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

/** `export` stands after the documentation. */
function withExport(text: string): string {
  return text.replace(/^(\/\*\*[^]*?\*\/\s*)?/, (doc) => `${doc}export `);
}
