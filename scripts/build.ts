/** Owns the build: bundles the command into `dist/`, so that it starts fast and needs nothing but prettier. */
import { chmod, lstat, mkdir, readFile, rm, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string };

await rm(join(root, "dist"), { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: { nnc: "src/tools/cli/main.ts" },
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
await chmod(join(root, "dist/nnc.js"), 0o755);
await linkIntoClone();

/** Lets `npx nnc` find the command in the clone itself, where npm installs the bins of dependencies only. */
async function linkIntoClone(): Promise<void> {
  if (process.platform === "win32") return;
  const folder = join(root, "node_modules/.bin");
  const link = join(folder, "nnc");
  if ((await lstat(link).catch(() => null)) !== null) return;
  await mkdir(folder, { recursive: true });
  await symlink("../../dist/nnc.js", link);
}
