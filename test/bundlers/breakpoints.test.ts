/** Owns the proof that a breakpoint on a line of a program stops in its arithmetic, or on the call of its WebAssembly. */
import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { TraceMap, eachMapping, originalPositionFor } from "@jridgewell/trace-mapping";
import type { Browser, CDPSession, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nnc } from "../cli/command.ts";
import { folder as newFolder, put } from "../data/files.ts";
import { type Served, openBrowser, openPage, plainPage, serve, withoutBrowser } from "./browser.ts";
import { bundlers } from "./bundlers.ts";

const asking = (from: string, name: string, inputs: string): string => `
import { ${name} } from "${from}";
const network = await ${name}.create({ seed: 5 });
Object.assign(globalThis, { ask: () => network.predict(${inputs}).probs.length });
`;

interface Place {
  readonly scriptId: string;
  readonly lineNumber: number;
  readonly columnNumber?: number;
}

interface Paused {
  readonly callFrames: readonly { readonly location: Place }[];
}

describe.skipIf(withoutBrowser !== null)("a breakpoint", () => {
  let browser: Browser;
  let folder: string;

  beforeAll(async () => {
    folder = newFolder();
    await cp(join(import.meta.dirname, "project"), folder, { recursive: true });
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  interface Debugged {
    readonly page: Page;
    readonly debug: CDPSession;
    readonly served: Served;
    /** Of the script, in the folder that is served. */
    readonly script: string;
    readonly map: TraceMap;
  }

  async function debugged(served: Served, where: string, script: string): Promise<Debugged> {
    const { page } = await openPage(browser, served.address);
    await page.waitForFunction("globalThis.ask !== undefined");
    const debug = await page.context().newCDPSession(page);
    await debug.send("Debugger.enable");
    const map = new TraceMap(await readFile(join(where, `${script}.map`), "utf8"));
    return { page, debug, served, script, map };
  }

  /** As a debugger does: stops where the code of a line begins, wherever the map says it does. Gives where that was. */
  async function stopsAt(
    { page, debug, served, script, map }: Debugged,
    program: string,
    line: number,
  ): Promise<readonly Place[]> {
    const set: string[] = [];
    const lines = new Set<number>();
    eachMapping(map, ({ source, originalLine, generatedLine }) => {
      if (source?.endsWith(program) === true && originalLine === line) lines.add(generatedLine - 1);
    });
    for (const lineNumber of [...lines].filter((one) => !lines.has(one - 1))) {
      const place = { url: `${served.address}${script}`, lineNumber };
      const { breakpointId } = await debug.send("Debugger.setBreakpointByUrl", place);
      set.push(breakpointId);
    }
    const stops: Place[] = [];
    const stopped = ({ callFrames }: Paused): void => {
      stops.push(callFrames[0]!.location);
      void debug.send("Debugger.resume");
    };
    debug.on("Debugger.paused", stopped);
    await page.evaluate("ask()");
    debug.off("Debugger.paused", stopped);
    for (const breakpointId of set) await debug.send("Debugger.removeBreakpoint", { breakpointId });
    return stops;
  }

  const originOf = (map: TraceMap, { lineNumber, columnNumber = 0 }: Place): string => {
    const { source, line } = originalPositionFor(map, { line: lineNumber + 1, column: columnNumber });
    return `${source?.split("/").at(-1)}:${line}`;
  };

  it("stops in the arithmetic that a line became, through a bundle", async () => {
    put(folder, "main.ts", asking("./iris.nn", "Iris", "{ lengths: [5, 3, 1, 0] }"));
    const out = join(folder, "out");
    await bundlers.find(({ name }) => name === "esbuild")!.bundle(folder, out, {});
    const served = await serve(out, plainPage);
    try {
      const session = await debugged(served, out, "main.js");
      const stops = await stopsAt(session, "iris.nn", 6);
      expect(new Set(stops.map((stop) => originOf(session.map, stop)))).toEqual(new Set(["iris.nn:6"]));
    } finally {
      await served.close();
    }
  });

  it("stops where WebAssembly is called that a line became a part of", async () => {
    await nnc(["compile", "wide.nn", "--target", "javascript", "--source-map"], { cwd: folder });
    put(folder, "main.js", asking("./wide.js", "Wide", "{ point: [0, 1] }"));
    const served = await serve(folder, plainPage);
    try {
      const session = await debugged(served, folder, "wide.js");
      const code = (await readFile(join(folder, "wide.js"), "utf8")).split("\n");
      for (const line of [8, 10]) {
        const stops = await stopsAt(session, "wide.nn", line);
        expect(stops.map(({ lineNumber }) => code[lineNumber]?.trim())).toEqual([
          "calls.predict(count, seed, step, first);",
        ]);
        // The call computes all of the model.
        expect(originOf(session.map, stops[0]!)).toBe("wide.nn:4");
      }
    } finally {
      await served.close();
    }
  });
});
