/** Owns the messages about parameters and states: E02xx. */
import type { Span } from "../../../text/source.ts";
import { message } from "../define.ts";

export const parameterClash = message({
  code: "E0217",
  title: "two parameters of one name",
  explanation:
    "Parameters are named by loops, bindings and calls. Two calls that come out with the same name need a binding that tells them apart.",
  say: (facts: { span: Span; name: string; before: Span; here: Span }) => ({
    message: `two parameters are called \`${facts.name}\``,
    span: facts.here,
    label: "the second",
    related: [{ span: facts.before, message: "the first" }],
    help: "bind one of the calls to a name of its own, or `share` one layer for both",
  }),
});

export const initializerUnfit = message({
  code: "E0252",
  title: "an initial value that does not fit",
  explanation: "A `param` begins with an initializer as `zeros()` or `glorot_uniform()`, or with one number.",
  say: (facts: { span: Span; reason: string }) => ({ message: facts.reason, span: facts.span }),
});

export const heldNotFloat = message({
  code: "E0253",
  title: "a parameter or state that holds no numbers",
  explanation: "Parameters and states are tensors of numbers: `param w: [n, units] = …`.",
  say: (facts: { span: Span; what: string }) => ({
    message: `a \`${facts.what}\` holds numbers: write its shape, \`[…]\``,
    span: facts.span,
  }),
});

export const heldVaries = message({
  code: "E0254",
  title: "a parameter or state of varying size",
  explanation:
    "Parameters and states are the same for every sample; their sizes are known when the network is compiled.",
  say: (facts: { span: Span; what: string; shape: string; bySample: boolean }) => ({
    message: `a \`${facts.what}\` of shape ${facts.shape} would depend on how ${facts.bySample ? "long a sample is" : "many samples there are"}`,
    span: facts.span,
    help: facts.bySample
      ? "reduce the length away first, as `mean(x, over: time)` or `last` do, or keep its axis in front of the last"
      : "leave `batch` out of its shape",
  }),
});

export const fittedInput = message({
  code: "E0255",
  title: "a statistic of something that is no input",
  explanation:
    "`fitted_mean` and `fitted_deviation`, and the layer `standardize` made of them, are taken over the data before training begins. " +
    "That is possible only for an input as it comes.",
  say: (facts: { span: Span; layer: string }) => ({
    message: `\`${facts.layer}\` is fitted to the data, and this is no input as it comes`,
    span: facts.span,
    help: "put it first: `x -> standardize -> …`",
  }),
});

export const noSuchState = message({
  code: "E0256",
  title: "an update of something that is no state",
  explanation: "`update` gives a `state` of the same body its next value.",
  say: (facts: { span: Span; name: string; suggestion: string | null }) => ({
    message: `there is no state \`${facts.name}\``,
    span: facts.span,
    label: facts.suggestion === null ? undefined : `did you mean \`${facts.suggestion}\`?`,
    help: facts.suggestion === null ? `declare it: \`state ${facts.name}: […] = zeros()\`` : undefined,
  }),
});

export const stateUnfit = message({
  code: "E0257",
  title: "an update of another shape",
  explanation: "A state keeps its shape.",
  say: (facts: { span: Span; name: string; state: string; found: string; declared: Span }) => ({
    message: `\`${facts.name}\` is ${facts.state}, and its next value would be ${facts.found}`,
    span: facts.span,
    related: [{ span: facts.declared, message: "declared here" }],
  }),
});

export const trainingOnly = message({
  code: "E0267",
  title: "a parameter that exists only in training",
  explanation: "The network in use must have the parameters that were trained.",
  say: (facts: { span: Span; name: string }) => ({
    message: `the parameter \`${facts.name}\` exists only in training`,
    span: facts.span,
    help: "declare it outside of `if training`",
  }),
});
