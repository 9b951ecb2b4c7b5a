/** Owns the proof that the server knows what a program need not declare: recipes' forms, built-in calls, words, members. */
import type { CompletionItem, Hover, Location, SignatureHelp, WorkspaceEdit } from "vscode-languageserver";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Editor, edited, startEditor } from "./client.ts";
import { programs } from "./programs.ts";

const film = `layer table(x: index(rows)[batch], width: int) -> [batch, width] {
  param center: [rows, width] = normal(deviation: 0.1)
  h = center[x] -> dense(width)
  return h -> tanh
}

model Film(films: int = 40, wide: int = 8) {
  input  film: index(films)
  input  text: index(30)[2 <= time <= 12]
  target rating: float

  share look = table(wide)
  share read = embedding(wide) -> gru(wide)
  code = look(film) * (text -> read -> last)
  stars = code -> dense(1) -> squeeze

  output stars = stars
  loss mse(stars, rating)
  loss small = mean(look.center ** 2, over: -1)

  entry more(text: index(30)[time <= 12], length: int <= 100, heat: float > 0 = 0.8) -> index(30)[length] {
    return continue(text, scores, length, window: 12, pick: sample(heat))
  }
}

train Film {
  data:     csv("a.csv", film: category("id"), text: words("plot", unknown: true), rating: "stars")
  test:     split(0.1, group: film)
  augment:  text -> noise(0.1)
  minimize: loss over look.center with adam(1e-3) over read.gru.w with sgd(0.1)
  clip:     norm(1)
  stop:     patience(val.mse, epochs: 3)
  reduce:   plateau(val.loss, epochs: 2)
  average:  ema(0.99)
}
`;

let editor: Editor;
beforeAll(async () => {
  editor = await startEditor({}, {});
});
afterAll(async () => {
  expect(await editor.stop()).toBe(0);
});

/** The text with the mark right before a piece of it, or within its brackets. */
function at(piece: string, text = film): string {
  const [before = ""] = piece.split("‸");
  const place = text.indexOf(piece.replace("‸", ""));
  if (place === -1) throw new Error(`the text holds no ${piece}`);
  const offset = place + before.length;
  return `${text.slice(0, offset)}‸${text.slice(offset)}`;
}

async function hovered(marked: string, file = "film.nn"): Promise<string> {
  const found = await editor.at<Hover | null>("textDocument/hover", editor.write(file, marked));
  return found === null ? "" : (found.contents as { value: string }).value;
}

async function offered(marked: string): Promise<readonly string[]> {
  const place = editor.write("film.nn", marked);
  const items = await editor.at<CompletionItem[]>("textDocument/completion", place);
  return items.map(({ label }) => label);
}

describe("hover", () => {
  it("knows sources of data, forms of columns, parts and limits, each where it stands", async () => {
    expect(await hovered(at('c‸sv("a.csv"'))).toMatch(/csv\(path: .*sequence.*\n.*\n\nA row is a sample/);
    expect(await hovered(at("c‸ategory("))).toContain("numbered in its order");
    expect(await hovered(at("un‸known: true"))).toContain("unknown: bool = false");
    expect(await hovered(at("gr‸oup: film"))).toContain("group");
    expect(await hovered(at("nor‸m(1)"))).toContain("limit: float");
    expect(await hovered(at("platea‸u("))).toContain("by: float = 0.1");
    expect(await hovered(at("v‸al.mse"))).toContain("held back");
    expect(await hovered(at("minimize: lo‸ss"))).toContain("sum of all losses");
  });

  it("tells initial values from draws and schedules of the same name", async () => {
    expect(await hovered(at("nor‸mal(deviation"))).toMatch(/initializer normal\(deviation: float, mean/);
    expect(await hovered(at("devi‸ation: 0.1"))).toContain("deviation: float");
    const draw = film.replace("code -> dense(1)", "(code + normal(like: code)) -> dense(1)");
    expect(await hovered(at("nor‸mal(like", draw))).toContain("normal(shape?: [batch, ...], like?: [...])");
    expect(await hovered(at("li‸ke: code", draw))).toContain("like?: [...]");
  });

  it("knows what the language gives, types, and words that lead", async () => {
    expect(await hovered(at("index(rows)[ba‸tch]"))).toContain("samples of a step");
    expect(await hovered(at("width: in‸t"))).toContain("whole number");
    expect(await hovered(at("sha‸re look"))).toContain("One set of parameters");
    expect(await hovered(at("con‸tinue("))).toMatch(/pick: layer.*= argmax/);
    expect(await hovered(at("pi‸ck: sample"))).toContain("pick: layer");
    expect(await hovered(at("heat: flo‸at > 0"))).toContain("at run time");
  });

  it("leaves no name of any program unexplained", async () => {
    const silent: string[] = [];
    for (const path of [
      "test/programs/north-star/chorales.nn",
      "examples/forecast.nn",
      "examples/segment.nn",
    ]) {
      const text = programs.get(path)!;
      const place = editor.write(path, text);
      for (const { index, 0: word } of text
        .replace(/\/\/.*|"[^"\n]*"/g, (all) => " ".repeat(all.length))
        .matchAll(/\b[A-Za-z_]\w+/g)) {
        const lines = text.slice(0, index).split("\n");
        const position = { line: lines.length - 1, character: lines.at(-1)!.length };
        if ((await editor.at<Hover | null>("textDocument/hover", { ...place, position })) === null)
          silent.push(`${path}:${lines.length} ${word}`);
      }
      editor.close(path);
    }
    expect(silent).toEqual([]);
  });
});

describe("completion", () => {
  it("fills in forms of recipes: options, inputs and targets, columns, what is held back", async () => {
    expect(await offered(at('csv("a.csv", ‸film'))).toEqual(expect.arrayContaining(["sequence:", "window:"]));
    expect(await offered(at('csv("a.csv", ‸)', film.replace(/csv\(.*\)/, 'csv("a.csv", )')))).toEqual(
      expect.arrayContaining(["film:", "text:", "rating:", "sequence:"]),
    );
    expect(await offered(at('rating: ‸"stars"'))).toEqual(["column", "category", "characters", "words"]);
    expect(await offered(at('words("plot", ‸unknown'))).toEqual(expect.arrayContaining(["end:", "cut:"]));
    expect(await offered(at("unknown: ‸true"))).toEqual(["true", "false"]);
    expect(await offered(at("split(0.1, ‸group"))).toContain("stratify:");
    expect(await offered(at("group: ‸film"))).toEqual(["film", "text", "rating"]);
    expect(await offered(at("patience(‸val"))).toContain("val");
    expect(await offered(at("plateau(val.‸loss"))).toEqual(["mse", "small", "loss"]);
  });

  it("knows augmentations by their short names, and what `over` may move", async () => {
    const offers = await offered(at("text -> ‸noise"));
    expect(offers).toEqual(expect.arrayContaining(["shift", "flip", "noise", "table"]));
    expect(offers).not.toContain("random_shift");
    expect(await offered(at("augment:  ‸text"))).toEqual(expect.arrayContaining(["film", "text"]));
    expect(await offered(at("over ‸look"))).toEqual(["look", "read", "code", "stars"]);
  });

  it("knows initial values behind `param`, and layers where one is taken", async () => {
    const initial = await offered(at("= ‸normal(deviation"));
    expect(initial).toEqual(expect.arrayContaining(["glorot_uniform", "zeros"]));
    expect(initial).not.toContain("dense");
    expect(await offered(at("pick: ‸sample"))).toEqual(expect.arrayContaining(["sample", "argmax", "top_k"]));
  });

  it("knows dimensions of indices and of what an entry gives, and layers behind `share`", async () => {
    for (const place of ["index(30)[‸2 <= time", "index(30)[‸length]"]) {
      const offers = await offered(at(place));
      expect(offers).toContain("batch");
      expect(offers).not.toContain("dense");
    }
    const layers = await offered(at("share read = ‸embedding"));
    expect(layers).toContain("embedding");
    expect(layers).not.toContain("films");
  });

  it("keeps to it in broken recipes", async () => {
    const broken = `${film.slice(0, film.indexOf("  clip:"))}  validate: split(0.1, stratify: ‸`;
    expect(await offered(broken)).toEqual(["film", "text", "rating"]);
    const data = film.slice(0, film.indexOf('category("id")'));
    expect(await offered(`${data}‸`)).toContain("category");
  });
});

it("helps with the arguments of forms", async () => {
  const place = editor.write("film.nn", at("split(0.1, ‸group"));
  const help = await editor.at<SignatureHelp>("textDocument/signatureHelp", place);
  expect(help.signatures[0]?.label).toBe('split(fraction: float, stratify: target, group: input | "column")');
  expect(help.activeParameter).toBe(1);
});

describe("members of what is shared", () => {
  it("lead to the layer's own parameter, in expressions and behind `over`", async () => {
    const definitionOf = async (marked: string): Promise<number | undefined> => {
      const place = editor.write("film.nn", marked);
      const found = await editor.at<Location | null>("textDocument/definition", place);
      return found?.uri === editor.uri("film.nn") ? found.range.start.line : undefined;
    };
    expect(await definitionOf(at("look.cen‸ter ** 2"))).toBe(1);
    expect(await definitionOf(at("over look.cen‸ter"))).toBe(1);
    const place = editor.write("film.nn", at("read.gr‸u.w"));
    const { uri } = await editor.at<Location>("textDocument/definition", place);
    expect(uri).toMatch(/library\/recurrent\.nn$/);
  });

  it("are renamed with it", async () => {
    const place = editor.write("film.nn", at("param cen‸ter"));
    const edit = await editor.at<WorkspaceEdit>("textDocument/rename", place, { newName: "middle" });
    expect(edited(film, edit, editor.uri("film.nn"))).toBe(film.replaceAll("center", "middle"));
    const layer = editor.write("film.nn", at("layer ta‸ble"));
    const other = await editor.at<WorkspaceEdit>("textDocument/rename", layer, { newName: "lookup" });
    expect(edited(film, other, editor.uri("film.nn"))).toBe(film.replaceAll("table", "lookup"));
  });
});

describe("augment lines", () => {
  const own = "/// Of one's own.\nlayer shift(x: [...], by: float) -> [...] { return x + by }\n";
  const uses = (head: string): string =>
    `${head}model A {\n  input x: [4]\n  h = x -> dense(4)\n  loss mse(h, x)\n}\ntrain A {\n  augment: x -> shi‸ft(1)\n}\n`;

  it("speak of a layer that is imported, else of the library's under its short name", async () => {
    editor.write("own.nn", own);
    expect(await hovered(uses('import { shift } from "./own.nn"\n'), "a.nn")).toContain("Of one's own.");
    expect(await hovered(uses(own), "a.nn")).toContain("Of one's own.");
    expect(await hovered(uses(""), "a.nn")).toContain("random_shift");
    editor.close("own.nn");
    editor.close("a.nn");
  });
});
