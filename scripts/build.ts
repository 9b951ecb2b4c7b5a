/** Owns the build: bundles the command into `dist/`, so that it starts fast; and what build steps import, with types. */
import { chmod, copyFile, cp, lstat, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import ts from "typescript";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string };

/** What `package.json` exports, by the name in `dist/`; each has its declarations beside it. */
const libraryEntries: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ["vite", "rollup", "rolldown", "webpack", "rspack", "esbuild", "bun"].map((name) => [
      name,
      `src/tools/plugins/${name}.ts`,
    ]),
  ),
  config: "src/tools/config/define.ts",
  register: "src/tools/register/register.ts",
  "register-hooks": "src/tools/register/hooks.ts",
};
/** For pages: they import nothing of Node's. */
const highlighters = Object.fromEntries(
  ["shiki", "highlight", "codemirror"].map((name) => [name, `src/tools/highlighting/${name}.ts`]),
);
/** Named by declarations of entries. */
const declaredOnly = ["src/tools/plugins/options.ts", "src/tools/plugins/hot.ts"];

await rm(join(root, "dist"), { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: {
    nnc: "src/tools/cli/main.ts",
    prettier: "src/tools/prettier/plugin.ts",
    ...libraryEntries,
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
  external: ["prettier", "prettier/*", "unplugin"],
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
  entryPoints: { hot: "src/tools/plugins/hot.ts", ...highlighters },
  outdir: "dist",
  bundle: true,
  format: "esm",
  platform: "browser",
  target: "es2022",
});
await writeDeclarations();
await cp(join(root, "src/tools/init/template"), join(root, "dist/template"), { recursive: true });
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

/** Each entry's exported types, as TypeScript tells them from that file alone. */
async function writeDeclarations(): Promise<void> {
  const compilerOptions = { isolatedDeclarations: true, target: ts.ScriptTarget.ES2022 };
  const files = [
    ...Object.entries(libraryEntries),
    ...declaredOnly.map((path) => [basename(path, ".ts"), path] as const),
  ];
  for (const [name, path] of files) {
    const text = await readFile(join(root, path), "utf8");
    const { outputText } = ts.transpileDeclaration(text, { fileName: path, compilerOptions });
    // All of them lie in one folder.
    const flat = outputText.replaceAll(/"\.{1,2}\/(?:[\w-]+\/)*([\w-]+)\.ts"/g, '"./$1.js"');
    await writeFile(join(root, `dist/${name}.d.ts`), flat);
  }
  await copyFile(join(root, "src/tools/plugins/client.d.ts"), join(root, "dist/client.d.ts"));
}
