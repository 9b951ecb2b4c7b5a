/** Owns what `nnc init` says. */
import { relative, resolve } from "node:path";
import { writeProject } from "../init/init.ts";
import type { Output } from "./output.ts";

export async function runInit(version: string, output: Output, folder = "."): Promise<number> {
  const files = await writeProject(folder, version);
  const place = relative(process.cwd(), resolve(folder));
  for (const file of files) output.line(output.colors.dim(place === "" ? file : `${place}/${file}`));
  output.line("\nNow:\n");
  for (const step of [...(place === "" ? [] : [`cd ${place}`]), "npm install", "npm run dev"])
    output.line(`  ${step}`);
  return 0;
}
