/** Owns the proof that the server answers every request at every stage of writing, and never with an error. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Editor, cursor, startEditor } from "./client.ts";
import { programs } from "./programs.ts";

const anywhere: Readonly<Record<string, object>> = {
  "textDocument/completion": {},
  "textDocument/hover": {},
  "textDocument/signatureHelp": {},
  "textDocument/definition": {},
  "textDocument/references": { context: { includeDeclaration: true } },
  "textDocument/documentHighlight": {},
  "textDocument/documentSymbol": {},
  "textDocument/semanticTokens/full": {},
  "textDocument/foldingRange": {},
  "textDocument/inlayHint": {
    range: { start: { line: 0, character: 0 }, end: { line: 999, character: 0 } },
  },
  "textDocument/codeAction": {
    range: { start: { line: 0, character: 0 }, end: { line: 999, character: 0 } },
    context: { diagnostics: [] },
  },
  "textDocument/codeLens": {},
  "textDocument/formatting": { options: { tabSize: 2, insertSpaces: true } },
  "nn/picture": {},
};
const cuts = 6;

let editor: Editor;
beforeAll(async () => {
  editor = await startEditor({}, { picture: true });
});
afterAll(async () => {
  expect(await editor.stop()).toBe(0);
});

/** The text up to a place, and the text without what follows that place on its line. */
function stages(text: string): readonly string[] {
  return Array.from({ length: cuts }, (_, turn) => {
    const place = Math.floor(((turn + 0.5) * text.length) / cuts);
    const rest = turn % 2 === 0 ? "" : text.slice(text.indexOf("\n", place));
    return text.slice(0, place) + cursor + rest;
  });
}

describe("half-written programs", () => {
  it.each([...programs])("are served: %s", { timeout: 60_000 }, async (_, text) => {
    for (const marked of stages(text)) {
      const place = editor.write("half.nn", marked);
      const answers = Object.entries(anywhere).map(async ([method, more]) => {
        const answer = await editor.at<unknown>(method, place, more);
        // An answer there is, if only that there is nothing to say.
        return answer === undefined ? method : null;
      });
      expect((await Promise.all(answers)).filter((method) => method !== null)).toEqual([]);
    }
  });

  it("are served where they are no programs at all", async () => {
    for (const marked of [
      "‸",
      "\0‸",
      "}}}}‸((((",
      "model‸",
      `${"(".repeat(3000)}‸`,
      "/// ‸",
      '"‸',
      "a.b.c -> ‸ ->",
    ]) {
      const place = editor.write("half.nn", marked);
      for (const [method, more] of Object.entries(anywhere))
        await expect(editor.at(method, place, more), `${method} at ${marked.slice(0, 20)}`).resolves.not.toBe(
          undefined,
        );
    }
  });
});
