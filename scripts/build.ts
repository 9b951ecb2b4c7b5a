/** Owns the build: bundles the command into `dist/`, so that it starts fast and needs nothing but prettier. */
import { chmod, cp, lstat, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string };

await rm(join(root, "dist"), { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: {
    nnc: "src/tools/cli/main.ts",
    prettier: "src/tools/prettier/plugin.ts",
  },
  outdir: "dist",
  chunkNames: "parts/[name]-[hash]",
  bundle: true,
  splitting: true,
  minifySyntax: true,
  minifyWhitespace: true,
  format: "esm",
  platform: "node",
  target: "node20",
  external: ["prettier", "prettier/*"],
  loader: { ".nn": "text" },
  define: { NNC_VERSION: JSON.stringify(manifest.version) },
  // Commander is CommonJS and asks for `require` where it needs Node's own modules.
  banner: {
    js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);',
  },
  legalComments: "none",
  logLevel: "warning",
});
await build({
  absWorkingDir: root,
  entryPoints: ["shiki", "highlight", "codemirror"].map((name) => `src/tools/highlighting/${name}.ts`),
  outdir: "dist",
  bundle: true,
  minifyWhitespace: true,
  format: "esm",
  platform: "neutral",
  target: "es2022",
  logLevel: "warning",
});
await chmod(join(root, "dist/nnc.js"), 0o755);
// The library as text a user can open: `nnc lsp` leads there.
await cp(join(root, "src/library"), join(root, "dist/library"), {
  recursive: true,
  filter: (path) => !path.endsWith(".ts"),
});
await cp(join(root, "grammar/nn.tmLanguage.json"), join(root, "dist/nn.tmLanguage.json"));
for (const [name, text] of Object.entries(declarations()))
  await writeFile(join(root, "dist", `${name}.d.ts`), text);
await linkIntoClone();

/** The types of what other tools import. */
function declarations(): Readonly<Record<string, string>> {
  const whole = (type: string, from: string) =>
    `import type { ${type} } from "${from}";\ndeclare const nn: ${type};\nexport default nn;\n`;
  return {
    prettier: `${whole("Plugin", "prettier")}export declare const languages: Plugin["languages"];\nexport declare const parsers: Plugin["parsers"];\nexport declare const printers: Plugin["printers"];\n`,
    shiki: whole("LanguageRegistration", "shiki"),
    highlight: whole("LanguageFn", "highlight.js"),
    codemirror:
      'import type { StreamParser } from "@codemirror/language";\ndeclare const nn: StreamParser<unknown>;\nexport default nn;\n',
  };
}

/** Lets `npx nnc` find the command in the clone itself, where npm installs the bins of dependencies only. */
async function linkIntoClone(): Promise<void> {
  if (process.platform === "win32") return;
  const folder = join(root, "node_modules/.bin");
  const link = join(folder, "nnc");
  if ((await lstat(link).catch(() => null)) !== null) return;
  await mkdir(folder, { recursive: true });
  await symlink("../../dist/nnc.js", link);
}
