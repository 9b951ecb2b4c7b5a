/** Owns `nnc fmt`: programs in the one form that all of them have. */
import { parse } from "../../syntax/parse.ts";
import { format } from "../../syntax/format.ts";
import { readSource } from "../files/read.ts";
import { writeWhole } from "../files/write.ts";
import { showDiagnostics } from "./diagnostics.ts";
import type { Output } from "./output.ts";

export async function runFormat(
  output: Output,
  paths: readonly string[],
  flags: { readonly check: boolean },
): Promise<number> {
  let exitCode = 0;
  for (const path of paths) {
    const source = await readSource(path);
    const { file, diagnostics } = parse(source);
    if (diagnostics.some(({ severity }) => severity === "error")) {
      showDiagnostics(diagnostics, output);
      exitCode = 1;
      continue;
    }
    const formatted = format(file);
    if (formatted === source.text) continue;
    if (flags.check) {
      output.line(`${path} is not formatted`);
      exitCode = 1;
    } else {
      await writeWhole(path, formatted);
      output.line(`${path} formatted`);
    }
  }
  return exitCode;
}
