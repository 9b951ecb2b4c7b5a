/** Owns the VS Code extension as a file: bundles it with its server, grammar and library into `editors/vscode/nn.vsix`. */
import { copyFile, cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createVSIX } from "@vscode/vsce";
import { build } from "esbuild";
import { bodyStatements, declarationStarts } from "../src/tools/lsp/knowledge/words.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const extension = join(root, "editors/vscode");
const out = join(extension, "out");
const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string };

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const common = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  platform: "node",
  logLevel: "warning",
} as const;
await build({
  ...common,
  entryPoints: ["editors/vscode/src/extension.ts"],
  outfile: join(out, "extension.cjs"),
  format: "cjs",
  target: "node20",
  external: ["vscode"],
});
await build({
  ...common,
  entryPoints: ["editors/vscode/src/server.ts"],
  outfile: join(out, "server.mjs"),
  format: "esm",
  target: "node20",
  define: { NNC_VERSION: JSON.stringify(manifest.version) },
  banner: {
    js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);',
  },
});
await cp(join(root, "src/library"), join(out, "library"), {
  recursive: true,
  filter: (path) => !path.endsWith(".ts"),
});
await copyFile(join(root, "grammar/nn.tmLanguage.json"), join(out, "nn.tmLanguage.json"));
await copyFile(join(root, "LICENSE"), join(extension, "LICENSE"));
await writeFile(join(out, "snippets.json"), JSON.stringify(snippets(), null, 2));
await createVSIX({
  cwd: extension,
  packagePath: join(extension, "nn.vsix"),
  dependencies: false,
  allowMissingRepository: true,
  version: manifest.version,
  updatePackageJson: false,
});

/** The same beginnings that completion offers, for editors without the server. */
function snippets(): Readonly<Record<string, object>> {
  const starts = [...declarationStarts, ...bodyStatements.filter(({ snippet }) => snippet.includes("{"))];
  return Object.fromEntries(
    starts.map(({ word, snippet, doc }) => [
      word,
      { prefix: word, body: snippet.split("\n"), description: doc },
    ]),
  );
}
