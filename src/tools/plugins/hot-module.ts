/** Owns the module that Vite's development server gives for a program: its class, exchangeable while the page runs. */
import { fileURLToPath } from "node:url";
import type { ImportedModule } from "./imported.ts";

/** Marks the import of the program itself by the module in front of it. */
export const hotQuery = /\?nnc-program$/;

/** What a page imports of nnc to exchange networks. */
export function hotPath(): string {
  return fileURLToPath(import.meta.resolve("nnc/hot"));
}

/** Stands before the program's own module and accepts its updates, so that importers keep the class they have. */
export function hotModule(path: string, { name }: ImportedModule): string {
  return `import * as program from ${JSON.stringify(`${path}?nnc-program`)};
import { reloading } from "nnc/hot";
export * from ${JSON.stringify(`${path}?nnc-program`)};
export const ${name} = import.meta.hot ? reloading(import.meta.hot, ${JSON.stringify(name)}, program.${name}) : program.${name};
if (import.meta.hot) import.meta.hot.accept();
`;
}
