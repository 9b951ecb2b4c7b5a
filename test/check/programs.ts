/** Owns how tests check a program given as text. */
import { type Checked, type Settings, check } from "../../src/check/check.ts";

/** Checks one file; others can be given beside it. */
export function checkText(
  text: string,
  settings: Settings = {},
  others: Readonly<Record<string, string>> = {},
): Checked {
  const files = { "program.nn": text, ...others };
  const sources = new Map(Object.entries(files).map(([name, content]) => [name, { name, text: content }]));
  return check("program.nn", sources, settings);
}

/** The network of a program that has no mistakes. */
export function networkOf(text: string, settings: Settings = {}) {
  const { network, diagnostics } = checkText(text, settings);
  if (network === null)
    throw new Error(diagnostics.map(({ code, message }) => `${code} ${message}`).join("\n"));
  return network;
}
