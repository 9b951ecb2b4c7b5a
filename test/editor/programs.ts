/** Owns the programs that editor tests run over: the examples, the north star and the library. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

export const root = join(import.meta.dirname, "../..");

/** Text by path in the project. */
export const programs: ReadonlyMap<string, string> = new Map(
  ["examples", "test/programs/north-star", "src/library"].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith(".nn"))
      .map((name) => [`${folder}/${name}`, readFileSync(join(root, folder, name), "utf8")] as const),
  ),
);

/** The text with a piece of about forty characters cut out at each of a few dozen places: half-written code. */
export function halfWritten(text: string): readonly string[] {
  const step = Math.max(7, Math.floor(text.length / 10));
  const cuts: string[] = [];
  for (let place = 3; place < text.length; place += step)
    cuts.push(text.slice(0, place) + text.slice(place + 41), text.slice(0, place));
  return cuts;
}
