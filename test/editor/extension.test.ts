/** Owns the proof that the packed VS Code extension holds what it promises, and that its own server answers. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Hover } from "vscode-languageserver";
import { startEditor } from "./client.ts";
import { root } from "./programs.ts";

const folder = mkdtempSync(join(tmpdir(), "nnc-vsix-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Manifest {
  readonly main: string;
  readonly contributes: {
    readonly languages: readonly { readonly configuration: string }[];
    readonly grammars: readonly { readonly path: string }[];
    readonly snippets: readonly { readonly path: string }[];
    readonly commands: readonly { readonly command: string }[];
  };
}

let files: readonly string[];
let manifest: Manifest;

beforeAll(async () => {
  await promisify(execFile)("npm", ["run", "--silent", "vscode"], { cwd: root });
  files = unpack(join(root, "editors/vscode/nn.vsix"), folder);
  manifest = JSON.parse(readFileSync(join(folder, "extension/package.json"), "utf8")) as Manifest;
}, 60_000);

function unpack(path: string, target: string): readonly string[] {
  const entries = Object.entries(unzipSync(readFileSync(path)));
  for (const [name, content] of entries) {
    mkdirSync(dirname(join(target, name)), { recursive: true });
    writeFileSync(join(target, name), content);
  }
  return entries.map(([name]) => name);
}

describe("the VS Code extension", () => {
  it("holds every file that its manifest names", () => {
    const { main, contributes } = manifest;
    const named = [
      main,
      ...contributes.languages.map(({ configuration }) => configuration),
      ...contributes.grammars.map(({ path }) => path),
      ...contributes.snippets.map(({ path }) => path),
    ];
    for (const path of named) expect(files).toContain(`extension/${path.replace("./", "")}`);
    expect(files.filter((path) => /\.ts$|node_modules/.test(path))).toEqual([]);
  });

  it("registers every command that it offers", () => {
    const code = readFileSync(join(folder, "extension", manifest.main), "utf8");
    for (const { command } of manifest.contributes.commands) expect(code).toContain(`"${command}"`);
  });

  it("brings a server that answers, and a library to look into", async () => {
    const editor = await startEditor(
      {},
      { picture: true },
      { server: [join(folder, "extension/out/server.mjs")] },
    );
    const place = editor.write("a.nn", "model A {\n  input x: [4]\n  output y = x -> den‸se(3)\n}\n");
    const hover = await editor.at<Hover>("textDocument/hover", place);
    expect((hover.contents as { value: string }).value).toContain("`[batch, 3]`");
    const { uri } = await editor.at<{ uri: string }>("textDocument/definition", place);
    expect(uri).toMatch(/extension\/out\/library\/layers\.nn$/);
    expect(await editor.stop()).toBe(0);
  });
});
