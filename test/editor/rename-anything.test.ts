/** Owns the law of renaming: whatever name of a program is renamed, the program is as right as it was. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SemanticTokens, WorkspaceEdit } from "vscode-languageserver";
import { check } from "../../src/check/check.ts";
import { type Editor, edited, startEditor } from "./client.ts";
import { programs } from "./programs.ts";

let editor: Editor;
beforeAll(async () => {
  editor = await startEditor();
});
afterAll(async () => {
  expect(await editor.stop()).toBe(0);
});

/** Codes of all mistakes, and what the network is but for its names. */
function judged(text: string): object {
  const { diagnostics, network } = check("a.nn", new Map([["a.nn", { name: "a.nn", text }]]));
  return {
    codes: diagnostics.map(({ code }) => code),
    nodes: network?.evaluate.nodes.length,
    parameters: network?.parameters.length,
  };
}

const declaration = 1;
/** So many names of a program are tried, spread over it. */
const most = 14;

/** Offsets of names that the file itself declares. */
function declared({
  data,
}: SemanticTokens): readonly { readonly line: number; readonly character: number }[] {
  let [line, character] = [0, 0];
  const places: { line: number; character: number }[] = [];
  for (let at = 0; at < data.length; at += 5) {
    line += data[at]!;
    character = data[at] === 0 ? character + data[at + 1]! : data[at + 1]!;
    if ((data[at + 4]! & declaration) !== 0) places.push({ line, character });
  }
  return places;
}

const own = [...programs].filter(([path]) => !path.startsWith("src/library"));

describe("renaming", () => {
  it.each(own)("names of %s changes nothing but names", { timeout: 60_000 }, async (path, text) => {
    const { textDocument } = editor.write(path, text);
    const tokens = await editor.request<SemanticTokens>("textDocument/semanticTokens/full", { textDocument });
    const before = judged(text);
    const places = declared(tokens);
    expect(places.length).toBeGreaterThan(3);
    const step = Math.ceil(places.length / most);
    for (const position of places.filter((_, place) => place % step === 0)) {
      const edit = await editor.request<WorkspaceEdit>("textDocument/rename", {
        textDocument,
        position,
        newName: "renamed_thing",
      });
      const after = edited(text, edit, editor.uri(path));
      const name = text.split("\n")[position.line]!.slice(position.character).match(/^\w+/)![0];
      expect(after, name).toContain("renamed_thing");
      expect(judged(after), `after renaming ${name} in line ${position.line + 1}`).toEqual(before);
    }
    editor.close(path);
  });
});
