/** Owns the messages about recurrences, `scan`: E04xx. */
import type { Span } from "../../../text/source.ts";
import { message } from "../define.ts";

export const scanUnfit = message({
  code: "E0401",
  title: "a scan over something that has no steps",
  explanation:
    "`scan t over time` runs once for each place along a dimension: `over` takes the name of one whose size is known when the network is compiled.",
  say: (facts: { span: Span; found: string }) => ({
    message: `a \`scan\` runs over a dimension, and this is ${facts.found}`,
    span: facts.span,
    help: "name the dimension of a layer's signature, as `time` of `x: [batch, time, n]`",
  }),
});

export const nextWithoutCarry = message({
  code: "E0402",
  title: "a `next` of something that is not carried",
  explanation: "`next h = …` gives a `carry h` of the same `scan` its value for the next step.",
  say: (facts: { span: Span; name: string; suggestion: string | null; scan: Span }) => ({
    message: `this \`scan\` carries no \`${facts.name}\``,
    span: facts.span,
    label: facts.suggestion === null ? undefined : `did you mean \`${facts.suggestion}\`?`,
    related: [{ span: facts.scan, message: "the scan begins here" }],
    help:
      facts.suggestion === null
        ? `declare it at the top of the scan: \`carry ${facts.name}: […] = zeros()\``
        : undefined,
  }),
});

export const carryNotAdvanced = message({
  code: "E0403",
  title: "a carry that never changes",
  explanation:
    "What a `scan` carries goes from step to step and takes its value for the next one from `next`. Without one it would be the same at every step.",
  say: (facts: { span: Span; name: string; scan: Span }) => ({
    message: `\`${facts.name}\` is carried from step to step and never changes`,
    span: facts.span,
    related: [{ span: facts.scan, message: "no `next` of this scan gives it a value" }],
    help: `write \`next ${facts.name} = …\`, or bind \`${facts.name}\` before the scan`,
  }),
});

export const carryUnfit = message({
  code: "E0404",
  title: "a carried value of another type",
  explanation:
    "What a `scan` carries has the same shape at every step: its first value and each `next` are what the `carry` line says. A single number fits every shape.",
  say: (facts: {
    span: Span;
    name: string;
    when: "begin" | "next";
    due: string;
    found: string;
    declared: Span;
  }) => ({
    message: `\`${facts.name}\` is ${facts.due}, and ${facts.when === "begin" ? "would begin as" : "its next value would be"} ${facts.found}`,
    span: facts.span,
    label: `this is ${facts.found}`,
    related: [{ span: facts.declared, message: `\`${facts.name}\` is carried as ${facts.due}` }],
  }),
});

export const collectUnfit = message({
  code: "E0405",
  title: "what is collected does not fit",
  explanation:
    "`collect hs: [batch, time, units] = h` sets the values of all steps side by side: its shape is that of one step with the scanned dimension in one more place.",
  say: (facts: { span: Span; name: string; due: string; steps: string; found: string; value: Span }) => ({
    message: `\`${facts.name}\` is ${facts.due}, and ${facts.steps} steps of ${facts.found} do not make that`,
    span: facts.span,
    label: `without the axis of the steps this must be ${facts.found}`,
    related: [{ span: facts.value, message: `each step gives ${facts.found}` }],
  }),
});

export const collectAmbiguous = message({
  code: "E0406",
  title: "which axis the steps lie along is open",
  explanation:
    "The steps lie along the axis of the scanned dimension. Where several axes have its size, the one that is written like the `over` of the scan is meant.",
  say: (facts: { span: Span; size: string; over: Span }) => ({
    message: `several axes have size ${facts.size}, and the steps could lie along each of them`,
    span: facts.span,
    related: [{ span: facts.over, message: "the scan runs over this" }],
    help: "write the axis of the steps with the name that stands after `over`",
  }),
});

export const updateInScan = message({
  code: "E0407",
  title: "a state changed within a scan",
  explanation:
    "A `state` changes once a training step. The steps of a `scan` are one part of it: what changes from one to the next is a `carry`.",
  say: (facts: { span: Span; name: string; scan: Span }) => ({
    message: `the state \`${facts.name}\` cannot change from step to step of a \`scan\``,
    span: facts.span,
    related: [{ span: facts.scan, message: "the scan it would change in" }],
    help: `carry it: \`carry ${facts.name}: […] = …\` and \`next ${facts.name} = …\``,
  }),
});

export const continueUnfit = message({
  code: "E0315",
  title: "a continuation that cannot go on",
  explanation:
    "`continue(prompt, reader, length, window: …, pick: …)` takes indices `[batch, time]`, a layer that gives each place of a text scores for the next symbol, how many symbols to add, how many the reader sees at most, and a layer that picks one of the scores: `argmax` where none is given, `sample(temperature)`, `top_k(40)`, `nucleus(0.9)`.",
  say: (facts: { span: Span; option: string; due: string; found: string }) => ({
    message: `\`${facts.option}\` of \`continue\` is ${facts.due}, and this is ${facts.found}`,
    span: facts.span,
    help: "write `continue(prompt, reader, length, window: 64, pick: sample(0.8))`, the prompt being indices `[batch, time]`",
  }),
});

export const appendUnfit = message({
  code: "E0318",
  title: "a sequence that cannot be made longer",
  explanation:
    "`append(x, one, limit: 64)` puts one place behind a sequence `[batch, time, …]`; of one that is `limit` long already the first place goes. What is new has the shape of one place, `[batch, …]`, and the limit is a whole number no smaller than the sequence may be long.",
  say: (facts: { span: Span; option: string; due: string; found: string }) => ({
    message: `\`${facts.option}\` of \`append\` is ${facts.due}, and this is ${facts.found}`,
    span: facts.span,
    help: "write `append(seen, drawn, limit: 64)`, as the `next` of a `carry seen: index(v)[batch, n <= 64] = …`",
  }),
});

export const untilUnfit = message({
  code: "E0317",
  title: "a text that cannot end where its numbers say",
  explanation:
    "`until(text, symbol)` is the text up to the first such symbol, that one among it, and all of the text where it holds none: each sample has a length of its own, at least 1. The text is indices `[batch, time]`, the symbol a whole number that is one of them.",
  say: (facts: { span: Span; due: string; found: string }) => ({
    message: `\`until\` takes ${facts.due} here, and this is ${facts.found}`,
    span: facts.span,
    help: "write `text -> until(0)`, the text being indices `[batch, time]`, as `continue` gives them",
  }),
});
