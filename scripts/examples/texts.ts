/** Owns the examples on texts of different lengths: names by their letters, messages by their words. */
import { type Column, type DataSet, isRagged } from "../../src/tools/data/dataset.ts";
import { type Example, flat, testOf } from "./example.ts";
import { largest, shareEqual } from "./measures.ts";
import { bars } from "./pictures.ts";

const names: Example = {
  name: "names",
  area: "text",
  data: ["names"],
  run: async (train) => {
    const trained = await train("names");
    const [training, test] = [trained.parts.training, testOf(trained)];
    const truth = flat(test, "list");
    const said = largest(trained.model.predict({ name: rowsOf(test, "name") })["probs"]!, 2);
    const plain = naiveBayes(training, test, "name", "list", (row) => row.slice(-1));
    const reached = shareEqual(said, truth);
    const byLetter = shareEqual(plain, truth);
    return {
      figures: [
        { name: "accuracy on a fifth", value: reached, must: { least: 0.8 } },
        { name: "accuracy by the last letter", value: byLetter },
        { name: "processor seconds", value: trained.seconds },
      ],
      pictures: () => [
        {
          file: "names.svg",
          content: bars("Names put on the right list", [
            ["always the longer list", Math.max(...shares(truth))],
            ["by the last letter", byLetter],
            ["the network", reached],
          ]),
        },
      ],
    };
  },
};

const spam: Example = {
  name: "spam",
  area: "text",
  data: ["sms_spam"],
  run: async (train) => {
    const trained = await train("spam");
    const [training, test] = [trained.parts.training, testOf(trained)];
    const truth = flat(test, "label");
    const said = largest(trained.model.predict({ text: rowsOf(test, "text") })["probs"]!, 2);
    const plain = naiveBayes(training, test, "text", "label", (row) => row);
    const [reached, byWords] = [f1(said, truth), f1(plain, truth)];
    return {
      figures: [
        { name: "F1 of spam on a fifth", value: reached, must: { least: 0.93 } },
        { name: "F1 of naive Bayes", value: byWords },
        { name: "processor seconds", value: trained.seconds },
      ],
      pictures: () => [
        {
          file: "spam.svg",
          content: bars("F1 of spam among messages held back", [
            ["naive Bayes", byWords],
            ["the network", reached],
          ]),
        },
      ],
    };
  },
};

function rowsOf(data: DataSet, name: string): Exclude<Column, Float32Array | Int32Array> {
  const column = data.columns[name]!;
  if (isRagged(column)) return column;
  throw new Error(`the samples of ${name} are all of one length`);
}

/** The likelier of two classes by how often each symbol stands in its samples, one added to each (Maron, 1961). */
function naiveBayes(
  training: DataSet,
  test: DataSet,
  text: string,
  label: string,
  seen: (row: ArrayLike<number> & { slice(from?: number): ArrayLike<number> }) => ArrayLike<number>,
): number[] {
  const labels = flat(training, label);
  const counts = [new Map<number, number>(), new Map<number, number>()] as const;
  const totals = [0, 0];
  const symbols = new Set<number>();
  rowsOf(training, text).forEach((row, k) => {
    const of = counts[labels[k] === 1 ? 1 : 0];
    for (const symbol of Array.from(seen(row))) {
      of.set(symbol, (of.get(symbol) ?? 0) + 1);
      totals[labels[k]!]! += 1;
      symbols.add(symbol);
    }
  });
  const prior = shares(labels).map(Math.log);
  return rowsOf(test, text).map((row) => {
    const scores = counts.map((of, kind) =>
      Array.from(seen(row)).reduce(
        (sum, symbol) => sum + Math.log(((of.get(symbol) ?? 0) + 1) / (totals[kind]! + symbols.size)),
        prior[kind]!,
      ),
    );
    return scores[1]! > scores[0]! ? 1 : 0;
  });
}

/** The part of each of two classes. */
function shares(labels: ArrayLike<number>): readonly number[] {
  const ones = Array.from(labels).filter((label) => label === 1).length / labels.length;
  return [1 - ones, ones];
}

function f1(said: ArrayLike<number>, truth: ArrayLike<number>): number {
  let [hits, all] = [0, 0];
  for (let k = 0; k < truth.length; k += 1) {
    if (said[k] === 1 && truth[k] === 1) hits += 1;
    all += said[k]! + truth[k]!;
  }
  return all === 0 ? 0 : (2 * hits) / all;
}

export const texts: readonly Example[] = [names, spam];
