/** Owns the parts of a data set: what is trained on, what is looked at meanwhile, and what is touched once, at the end. */
import type { HeldBack, Recipe } from "../../ir/network.ts";
import { splitData } from "../../runtime/split.ts";
import { Problem } from "../problem.ts";
import { type DataSet, type Slot, isRagged, take } from "./dataset.ts";
import { type LoadRequest, loadData } from "./load.ts";

export interface Parts {
  /** With what the module holds back of it itself. */
  readonly training: DataSet;
  /** Where a column of the data says what is validated with. */
  readonly validation: DataSet | null;
  /** The group of each sample of `training`, where the recipe keeps groups whole by a further column. */
  readonly groups: readonly string[] | null;
  readonly test: DataSet | null;
}

export interface PartsRequest extends Omit<LoadRequest, "source" | "beside"> {
  readonly recipe: Recipe;
  /** Decides about what is held back at random. */
  readonly seed: number;
}

export async function loadParts(request: PartsRequest): Promise<Parts> {
  const { recipe, slots, seed, ...from } = request;
  const data = await loadData({ ...from, slots, source: recipe.data, beside: besideOf(recipe, slots) });
  const { test } = recipe;
  if (test === null) return { ...validated(data, recipe, slots), test: null };
  if (test.kind === "source") {
    // Who gives other data has others in mind to test with, too.
    const asked = from.given.length === 0;
    const labels = { ...data.labels, ...from.labels };
    const own = asked ? await loadData({ ...from, slots, labels, source: test }) : null;
    return { ...validated(data, recipe, slots), test: own };
  }
  const { kept, held } = heldBack(data, slots, test, seed);
  return { ...validated(kept, recipe, slots), test: held };
}

/**
 * What is tested with: the recipe's `test`, or all of the data where it has none or other data are given. Who only asks
 * for outputs (targets are optional then) asks for all samples, whatever part they were.
 */
export async function loadTest(request: PartsRequest): Promise<DataSet> {
  const { recipe, slots, seed, ...from } = request;
  const { test } = recipe;
  const isPart = test !== null && test.kind !== "source";
  if (test === null || from.given.length > 0 || (isPart && from.targets === "optional"))
    return loadData({ ...from, slots, source: recipe.data, beside: [] });
  if (test.kind === "source") return loadData({ ...from, slots, source: test, beside: [] });
  const data = await loadData({ ...from, slots, source: recipe.data, beside: besideOf(recipe, slots) });
  return heldBack(data, slots, test, seed).held;
}

function validated(data: DataSet, { validate }: Recipe, slots: readonly Slot[]): Omit<Parts, "test"> {
  if (validate === null) return { training: data, validation: null, groups: null };
  if (validate.kind === "column") {
    const { kept, held } = heldBack(data, slots, validate, 0);
    return { training: kept, validation: held, groups: null };
  }
  return { training: data, validation: null, groups: groupsOf(data, validate.group) };
}

/** Columns of the data beside inputs and targets that a recipe's splits ask for. */
function besideOf({ validate, test }: Recipe, slots: readonly Slot[]): readonly string[] {
  const asked = [validate, test?.kind === "source" ? null : test].flatMap((rule) => {
    if (rule === null) return [];
    return rule.kind === "column" ? [rule.column] : [rule.group, rule.stratify];
  });
  const names = asked.filter((name) => name !== null && !slots.some((slot) => slot.name === name));
  return [...new Set(names as readonly string[])];
}

function groupsOf(data: DataSet, name: string | null): readonly string[] | null {
  return name === null ? null : (data.beside[name] ?? null);
}

function heldBack(
  data: DataSet,
  slots: readonly Slot[],
  rule: HeldBack,
  seed: number,
): { readonly kept: DataSet; readonly held: DataSet } {
  const all = Int32Array.from({ length: data.count }, (_, sample) => sample);
  const isHeld = rule.kind === "column" ? isNamed(data, rule) : isDrawn(data, rule, seed);
  const [kept, held] = [all.filter((sample) => !isHeld(sample)), all.filter(isHeld)];
  if (kept.length === 0 || held.length === 0) {
    const [nothing, of] = kept.length === 0 ? ["to train on", "all"] : ["to hold back", "none"];
    const what = rule.kind === "column" ? `\`${rule.column}\` is \`${rule.is}\` in ${of} of` : "there are";
    throw new Problem(`there is nothing ${nothing}: ${what} ${data.count} samples`, { exitCode: 1 });
  }
  return { kept: take(data, slots, kept), held: take(data, slots, held) };
}

function isNamed(data: DataSet, { column, is }: { column: string; is: string }): (sample: number) => boolean {
  const words = data.beside[column]!;
  return (sample) => words[sample] === is;
}

function isDrawn(
  data: DataSet,
  rule: Exclude<HeldBack, { kind: "column" }>,
  seed: number,
): (sample: number) => boolean {
  const { kind, fraction, stratify, group } = rule;
  const columns = [stratify, group].flatMap((name) => {
    const values = name === null ? undefined : (numbered(data.beside[name]) ?? data.columns[name]);
    if (name === null || values === undefined || isRagged(values)) return [];
    const port = { name, shape: [], at: 0, storage: 0 };
    return [{ port, size: values.length / data.count, places: null, values }];
  });
  const split = splitData(
    { count: data.count, columns },
    { kind, fraction, ...(stratify === null ? {} : { stratify }), ...(group === null ? {} : { group }) },
    null,
    seed,
  );
  const held = new Set(split.validation);
  return (sample) => held.has(sample);
}

/** Words as numbers, in the order in which they occur first. */
function numbered(words: readonly string[] | undefined): Int32Array | undefined {
  if (words === undefined) return undefined;
  const places = new Map([...new Set(words)].map((word, place) => [word, place]));
  return Int32Array.from(words, (word) => places.get(word)!);
}
