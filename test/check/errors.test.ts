import { describe, expect, it } from "vitest";
import { renderPretty } from "../../src/report/render.ts";
import { expectGolden } from "../golden.ts";
import { mistakes } from "./mistakes.ts";
import { checkText } from "./programs.ts";
import { recipeMistakes } from "./recipe-mistakes.ts";

describe("messages of the checker", () => {
  it.each(Object.entries({ ...mistakes, ...recipeMistakes }))("%s", (name, { text, settings, others }) => {
    const { diagnostics, network } = checkText(text, settings, others);
    expect(network).toBeNull();
    const set = Object.entries(settings?.set ?? {}).map(([key, value]) => `--set ${key}=${value}\n`);
    const beside = Object.entries(others ?? {}).map(([file, content]) => `--- ${file}\n${content}`);
    const shown = [...set, ...beside, text, "\n", renderPretty(diagnostics, { color: false })].join("");
    expectGolden(`errors/${name}.txt`, shown);
  });
});
