/** Owns the forms of settings: what the values of a recipe's keys may be called, and what each takes, in order. */

const part = ["fraction", "stratify", "group"] as const;

/** What a form takes, in the order in which it may be given without labels. */
export const orderOf = {
  split: part,
  tail: part,
  column: ["name", "is"],
  norm: ["limit"],
  value: ["limit"],
  patience: ["metric", "epochs"],
  best: ["metric"],
  plateau: ["metric", "epochs", "by"],
  ema: ["decay"],
} as const;

export type SettingForm = keyof typeof orderOf;

/** The forms of each key; `data` and `test` take sources of data, which are read by whoever trains. */
export const formsOf = {
  test: ["split", "tail", "column"],
  validate: ["split", "tail", "column"],
  clip: ["norm", "value"],
  stop: ["patience"],
  keep: ["best"],
  reduce: ["plateau"],
  average: ["ema"],
} as const satisfies Readonly<Record<string, readonly SettingForm[]>>;
