/** Owns `train` blocks: what is minimised with which optimizer, on which data, until when; and the default recipe. */
import type { Value } from "../../ir/graph.ts";
import type { Recipe } from "../../ir/network.ts";
import { repeatedSetting, unknownSetting, validationMissing } from "../../report/catalogue/check.ts";
import { suggest } from "../../report/suggest.ts";
import type { Recipe as RecipeSource, Setting } from "../../syntax/ast.ts";
import { type Scope, complain, noDuties } from "../elaborate/elaboration.ts";
import { type Training, minimizeLines } from "./minimize.ts";
import { dataSource, testData, validation } from "./data.ts";
import { averaging, clipping, keeping, reducing, settingReader, stopping } from "./settings.ts";
import { parse } from "../../syntax/parse.ts";

/** What a `train` block sets. */
export const settingKeys: readonly string[] = [
  "data",
  "test",
  "minimize",
  "batch",
  "accumulate",
  "epochs",
  "steps",
  "clip",
  "validate",
  "stop",
  "keep",
  "reduce",
  "average",
  "augment",
  "seed",
];

export interface RecipeResult {
  readonly recipe: Recipe;
  /** Objectives that `minimize` lines made beyond the losses. */
  readonly extra: ReadonlyMap<string, Value>;
}

/** What a recipe does not set, and of a model without any recipe also what is held back. */
const defaults = {
  batch: 32,
  epochs: 10,
  validate: { kind: "split", fraction: 0.1, stratify: null, group: null, every: null },
  seed: 0,
} as const;

/** `minimize: loss with adam(1e-3)`, in batches of 32, 10 times over, a tenth held back. */
const defaultText = "train Default {\n  minimize: loss with adam(1e-3)\n}\n";

export function runRecipe(training: Training, source: RecipeSource | null): RecipeResult | null {
  const { elaboration, body } = training;
  const fallback = defaultSource();
  if (fallback === null) return null;
  const written = source ?? fallback;
  const settings = new Map<string, Setting>();
  const lines: Setting[] = [];
  for (const setting of written.settings) {
    const key = setting.key.text;
    const before = settings.get(key);
    if (!settingKeys.includes(key)) {
      complain(
        elaboration,
        null,
        unknownSetting.build({
          span: setting.key.span,
          key,
          keys: settingKeys,
          suggestion: suggest(key, settingKeys),
        }),
      );
    } else if (key === "minimize") lines.push(setting);
    else if (key === "augment") continue;
    else if (before !== undefined)
      complain(
        elaboration,
        null,
        repeatedSetting.build({ span: setting.key.span, key, before: before.key.span }),
      );
    else settings.set(key, setting);
  }
  const scope: Scope = { ...body.scope, kind: "recipe", duties: noDuties };
  const reader = settingReader(elaboration, scope, settings);
  const extra = new Map<string, Value>();
  const eased = { ...training, eased: settings.has("reduce") };
  const objectives = minimizeLines(eased, scope, lines, body.scope.frame.layer, fallback, extra);
  const [epochs, steps] = [reader.count("epochs", 1), reader.count("steps", 1)];
  const validate = validation(elaboration, scope, body, settings.get("validate"));
  const metricNames = ["loss", ...body.scored.losses, ...body.scored.metrics];
  const average = reader.form("average");
  /** Null also where nothing is held back, which is the one thing said then. */
  const watching = (setting: "stop" | "keep" | "reduce") => {
    const found = reader.form(setting);
    if (found === null || source === null || settings.has("validate")) return found;
    complain(elaboration, null, validationMissing.build({ span: found.span, setting }));
    return null;
  };
  const [stop, keep, reduce] = [watching("stop"), watching("keep"), watching("reduce")];
  const recipe: Recipe = {
    name: source?.alias?.text ?? body.scope.frame.layer,
    data: dataSource(elaboration, scope, settings.get("data")),
    test: testData(elaboration, scope, body, settings.get("test")),
    objectives,
    batch: reader.count("batch", 1) ?? defaults.batch,
    accumulate: reader.count("accumulate", 1) ?? 1,
    epochs: epochs ?? (steps === null ? defaults.epochs : null),
    steps,
    clip: clipping(elaboration, scope, settings.get("clip")),
    validate: source === null ? defaults.validate : validate,
    stop: stop === null ? null : stopping(elaboration, scope, stop, metricNames),
    keep: keep === null ? null : keeping(elaboration, scope, keep, metricNames),
    reduce: reduce === null ? null : reducing(elaboration, scope, reduce, metricNames),
    average: average === null ? null : averaging(elaboration, scope, average),
    seed: reader.count("seed", 0) ?? defaults.seed,
  };
  return { recipe, extra };
}

function defaultSource(): RecipeSource | null {
  const { file } = parse({ name: "the default recipe", text: defaultText });
  return file.declarations.find((declaration) => declaration.kind === "recipe") ?? null;
}
