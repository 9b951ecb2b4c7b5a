/** Owns what editors say of the keys of a `train` block, and what each takes. */
import { formats } from "../../data/formats.ts";

export interface KeyHelp {
  readonly doc: string;
  /** As snippets: `${1:…}` is filled in. */
  readonly values: readonly string[];
}

export const keyHelp: Readonly<Record<string, KeyHelp>> = {
  data: {
    doc: "The data that `nnc train` reads when no `--data` is given; the generated module takes arrays. Paths are relative to this file.",
    values: formats.map((format) => `${format}("\${1:data.${format}}")`),
  },
  test: {
    doc: "Data of its own, or a part of `data`, that is evaluated once, after training.",
    values: [...formats.map((format) => `${format}("\${1:test.${format}}")`), "split(${1:0.2})"],
  },
  minimize: {
    doc: "What is made small, over which parameters, with which optimizer. Several lines take turns on each batch.",
    values: ["loss with ${1:adam}(${2:1e-3})"],
  },
  batch: { doc: "Samples in one step (32).", values: ["32"] },
  accumulate: { doc: "Batches whose gradients make one step together (1).", values: ["4"] },
  epochs: { doc: "How often all of the data is gone through (10).", values: ["10"] },
  steps: { doc: "How many steps, instead of `epochs`.", values: ["1000"] },
  clip: {
    doc: "Limits gradients before the optimizer sees them: all together by their norm, or each by its value.",
    values: ["norm(${1:1.0})", "value(${1:0.5})"],
  },
  validate: {
    doc: "The part that is held back and evaluated: drawn at random, or the end of a series.",
    values: ["split(${1:0.1})", "tail(${1:0.2})", 'column("${1:part}", is: "${2:valid}")'],
  },
  stop: {
    doc: "Ends training when a metric on what is held back no longer gets better.",
    values: ["patience(val.${1:loss}, epochs: ${2:5})"],
  },
  keep: {
    doc: "Which weights are kept: those of the epoch that was best by a metric.",
    values: ["best(val.${1:loss})"],
  },
  reduce: {
    doc: "Multiplies rates by so much whenever a metric on what is held back has been no better for so many epochs.",
    values: ["plateau(val.${1:loss}, epochs: ${2:3}, by: ${3:0.1})"],
  },
  average: { doc: "A running mean of the weights is what is kept.", values: ["ema(${1:0.999})"] },
  augment: {
    doc: "What training sees in the place of samples, drawn anew for each in every step. Several lines follow one another.",
    values: ["${1:image} -> shift(${2:2})", "[${1:image}, ${2:region}] -> flip"],
  },
  seed: { doc: "Where all randomness begins (0).", values: ["7"] },
};
