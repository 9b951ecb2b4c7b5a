/** Owns what editors say of the calls within a `train` block that are no layers: sources of data, columns, parts, limits. */
import type { orderOf } from "../../../check/model/forms.ts";
import { formsOf } from "../../../check/model/forms.ts";
import { type Format, formats } from "../../data/formats.ts";
import type { columnKinds } from "../../data/forms.ts";
import type { Signature, SignatureParameter } from "./signature.ts";

/** What may stand for a parameter of a form. */
export type FormTakes = "value" | "port" | "score" | "truth";

interface FormHelp {
  readonly doc: string;
  /** By name: its text in the signature; a path or a column comes first where there is one. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly first?: string;
}

const sources: Readonly<Record<Format, FormHelp>> = {
  csv: {
    doc: "A row is a sample; a header and the separator are found. `sequence` names the column whose equal values make one sample of several rows, of at most `window` steps.",
    first: 'path: "….csv"',
    parameters: { sequence: 'sequence: "column"', window: "window: int" },
  },
  jsonl: {
    doc: "A line is a sample: an object with a value, or nested lists, for each name.",
    first: 'path: "….jsonl"',
    parameters: {},
  },
  series: {
    doc: "Windows of a table in order of time, and the rows that follow: every `stride` rows one, of the rows `from` … `to`.",
    first: 'path: "….csv"',
    parameters: {
      window: "window: int",
      horizon: "horizon: int",
      stride: "stride: int = 1",
      from: "from: int",
      to: "to: int",
    },
  },
  text: {
    doc: "Windows of symbols and those one further on. `characters` or `words` say how large the vocabulary is at most.",
    first: 'path: "….txt"',
    parameters: {
      characters: "characters: int",
      words: "words: int",
      window: "window: int",
      stride: "stride: int",
    },
  },
  idx: { doc: "An array for each input and target, as MNIST has them.", parameters: {} },
  npy: { doc: "An array for each input and target, as NumPy saves them.", parameters: {} },
  images: {
    doc: "A picture is a sample, from 0 to 255; the target is its folder, or `{kind}` in the pattern.",
    first: 'pattern: "folder/*/*.png"',
    parameters: {},
  },
  sounds: {
    doc: "A sound is a sample, from -1 to 1, as long as it is.",
    first: 'pattern: "{kind}_*.wav"',
    parameters: { rate: "rate: int" },
  },
};

const columns: Readonly<Record<keyof typeof columnKinds, FormHelp>> = {
  column: {
    doc: "Numbers, or words where an index is due; `missing` stands in for cells without a value.",
    first: 'name: "column"',
    parameters: { missing: "missing: float | string" },
  },
  category: {
    doc: "Whatever occurs is numbered in its order, numbers too; `missing` stands in for cells without a value.",
    first: 'name: "column"',
    parameters: { missing: "missing: float | string" },
  },
  characters: {
    doc: "A sequence of characters. `end` closes it by symbol 0, `unknown` lets rare ones share a place, `cut` cuts what is too long.",
    first: 'name: "column"',
    parameters: {
      end: "end: bool = false",
      unknown: "unknown: bool = false",
      cut: "cut: bool = false",
    },
  },
  words: {
    doc: "A sequence of words and signs. `end` closes it by symbol 0, `unknown` lets rare ones share a place, `cut` cuts what is too long.",
    first: 'name: "column"',
    parameters: {
      end: "end: bool = false",
      unknown: "unknown: bool = false",
      cut: "cut: bool = false",
    },
  },
};

const part = {
  fraction: "fraction: float",
  stratify: "stratify: target",
  group: 'group: input | "column"',
};

const settings: Readonly<Record<keyof typeof orderOf, FormHelp>> = {
  split: {
    doc: "A part drawn at random. `stratify` draws it from each class alike, `group` keeps samples of one group together.",
    parameters: part,
  },
  tail: { doc: "The last part, as of a series.", parameters: part },
  column: {
    doc: "The samples that a column of the data says it of.",
    parameters: { name: 'name: "column"', is: "is: string" },
  },
  norm: {
    doc: "Scales all gradients together down to this norm where theirs is larger.",
    parameters: { limit: "limit: float" },
  },
  value: {
    doc: "Limits each number of the gradients to ± this value.",
    parameters: { limit: "limit: float" },
  },
  patience: {
    doc: "Ends training once the metric has not become better for so many epochs.",
    parameters: { metric: "metric: val.name", epochs: "epochs: int" },
  },
  best: {
    doc: "The weights of the epoch that was best by the metric.",
    parameters: { metric: "metric: val.name" },
  },
  plateau: {
    doc: "Multiplies rates by `by` once the metric has not become better for so many epochs.",
    parameters: { metric: "metric: val.name", epochs: "epochs: int", by: "by: float = 0.1" },
  },
  ema: {
    doc: "An exponential moving average of the weights is validated, kept and saved.",
    parameters: { decay: "decay: float" },
  },
};

/** The forms that may stand behind a key, or within a source of data. */
export function formNames(key: string, within: string | null): readonly string[] {
  if (isSource(within)) return Object.keys(columns);
  const own = key in formsOf ? formsOf[key as keyof typeof formsOf] : [];
  return key === "data" || key === "test" ? [...formats, ...own] : own;
}

/** Of a call in a setting: what it takes; null where that is a layer, or nothing that is known. */
export function signatureOfForm(name: string, key: string, within: string | null): Signature | null {
  if (!formNames(key, within).includes(name)) return null;
  const help = isSource(within)
    ? columns[name as keyof typeof columns]
    : isSource(name)
      ? sources[name]
      : settings[name as keyof typeof settings];
  const first = help.first === undefined ? [] : [parameterOf("", help.first)];
  const named = Object.entries(help.parameters).map(([option, text]) => parameterOf(option, text));
  return { name, parameters: [...first, ...named], results: "", doc: help.doc };
}

function parameterOf(name: string, text: string): SignatureParameter {
  const words = text.includes(": bool") ? ["true", "false"] : [];
  return { name, text, tensor: name === "", required: false, words, takes: "value" };
}

/** What the parameter of a form is filled with. */
export function takenBy({ name }: SignatureParameter): FormTakes {
  if (name === "metric") return "score";
  return name === "stratify" || name === "group" ? "port" : "value";
}

export function isSource(name: string | null): name is Format {
  return formats.some((format) => format === name);
}
