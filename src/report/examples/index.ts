/** Owns the list of examples: one for each message that a program of one file can get. */
import { calls } from "./calls.ts";
import type { Example } from "./example.ts";
import { lengths } from "./lengths.ts";
import { models } from "./models.ts";
import { names } from "./names.ts";
import { notation } from "./notation.ts";
import { recipes } from "./recipes.ts";
import { shapes } from "./shapes.ts";
import { syntax } from "./syntax.ts";
import { warnings } from "./warnings.ts";

export { type Example, mendedText, wrongText } from "./example.ts";

export const examples: Readonly<Record<string, Example>> = {
  ...syntax,
  ...names,
  ...calls,
  ...shapes,
  ...models,
  ...recipes,
  ...notation,
  ...lengths,
  ...warnings,
};
