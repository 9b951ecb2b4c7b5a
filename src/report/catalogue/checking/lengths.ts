/** Owns the messages about lengths that vary from sample to sample: E05xx. */
import type { Span } from "../../../text/source.ts";
import { message } from "../define.ts";

export const lengthMisplaced = message({
  code: "E0501",
  title: "a length declared where no data comes in",
  explanation:
    "A length that varies, `[5 <= time <= 256]`, is declared in the shape of an input or target, whose data have it, or of what " +
    "a `carry` makes longer, `[batch, n <= 64]`. Everywhere else its name stands for it.",
  say: (facts: { span: Span; text: string; name: string | null }) => ({
    message: `\`${facts.text}\` declares a length that varies, and only an input or target can`,
    span: facts.span,
    help:
      facts.name === null
        ? "write a size here"
        : `write \`${facts.name}\` here, and its bounds in the input's shape`,
  }),
});

export const lengthUnfit = message({
  code: "E0502",
  title: "a length whose bounds say too little",
  explanation:
    "A length that varies needs a name and a largest value, for which memory is laid out: `[time <= 256]`, or with a least value " +
    "`[5 <= time <= 256]`. Without one it is at least 1. Both are whole numbers known when compiling. A name is declared once; after that " +
    "it stands alone: `[time]` is the same length.",
  say: (facts: { span: Span; text: string; reason: string; declared: Span | null; name: string | null }) => ({
    message: `\`${facts.text}\` is no length: ${facts.reason}`,
    span: facts.span,
    related: facts.declared === null ? [] : [{ span: facts.declared, message: "this name is taken" }],
    help:
      facts.declared === null || facts.name === null
        ? "a length is written `time <= 256` or `5 <= time <= 256`"
        : `for the same length write \`${facts.name}\` alone; for another take another name`,
  }),
});

export const lengthUndecided = message({
  code: "E0503",
  title: "a choice that differs from sample to sample",
  explanation:
    "`if`, `require` and what the compiler computes are decided once, for all samples. A comparison with a length that varies can be decided " +
    "only where its bounds do: `time >= 5` where every sample has at least 5.",
  say: (facts: { span: Span; text: string; least: string; most: string }) => ({
    message: `\`${facts.text}\` holds for some samples and not for others`,
    span: facts.span,
    notes: [`what is compared differs by ${facts.least} to ${facts.most}`],
    help: "narrow the length's bounds where it is declared; `where` chooses by data",
  }),
});

export const lengthWithoutSample = message({
  code: "E0504",
  title: "a value that depends on a sample's length and belongs to no sample",
  explanation:
    "A length is that of one sample. What is summed along it, turned round in it or counted by it belongs to this sample, so it needs an axis " +
    "for samples, and one only: with none it could not be told whose length is meant, and with two neither.",
  say: (facts: { span: Span; inner: Span | null; length: string; shape: string; several: boolean }) => ({
    message: facts.several
      ? `this needs \`${facts.length}\` of one sample, and it combines two axes of samples`
      : `this needs \`${facts.length}\` of a sample, and ${facts.shape} has no axis of samples`,
    span: facts.span,
    related: facts.inner === null ? [] : [{ span: facts.inner, message: "here, within the layer" }],
    help: facts.several
      ? "do what goes along the length before samples are combined"
      : "give it one: in index notation `y[b < batch, …] = …`",
  }),
});

export const lengthAcross = message({
  code: "E0505",
  title: "an axis made across a length that varies",
  explanation:
    "A length that varies keeps an axis of its own: flattened together with others, or multiplied by another, it would put an element at a " +
    "place that depends on how long the sample is. Reduce the length away first (`mean`, `max`, `last`), or keep its axis.",
  say: (facts: { span: Span; size: string }) => ({
    message: `an axis of ${facts.size} would go across a length that varies`,
    span: facts.span,
    help: "reduce the length away first, as `mean(x, over: time)` or `last` do, or keep its axis",
  }),
});
