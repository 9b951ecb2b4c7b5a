/** Owns the messages about tensors, dimensions and axes: E02xx. */
import type { Related } from "../../diagnostic.ts";
import type { Span } from "../../../text/source.ts";
import { message } from "../define.ts";

export const sharedUnfit = message({
  code: "E0203",
  title: "a shared layer called with another shape",
  explanation:
    "The parameters of a shared layer take their shapes at its first call. Later calls must fit them; a call with another shape needs " +
    "parameters of its own.",
  say: (facts: {
    span: Span;
    share: string;
    shareSpan: Span;
    parameter: string;
    fixed: string;
    wanted: string;
    first: Span;
  }) => ({
    message: `\`${facts.share}\` cannot take this shape: here its \`${facts.parameter}\` would be ${facts.wanted}, and it is shared as ${facts.fixed}`,
    span: facts.span,
    label: `${facts.wanted} here`,
    related: [
      { span: facts.first, message: `its first call made it ${facts.fixed}` },
      { span: facts.shareSpan, message: "shared here" },
    ],
    help: "give this call its own parameters: call the layer itself instead of what is shared",
  }),
});

export const operandsDisagree = message({
  code: "E0204",
  title: "tensors that do not fit together",
  explanation:
    "Shapes are aligned at the right; sizes must be equal or 1, and samples meet only samples. Every operation says which of its " +
    "operands disagree, and where their sizes came from.",
  say: (facts: { span: Span; message: string; related: readonly Related[]; help: string | null }) => ({
    message: facts.message,
    span: facts.span,
    related: facts.related,
    help: facts.help ?? undefined,
  }),
});

export const argumentUnfit = message({
  code: "E0205",
  title: "a tensor that does not fit a signature",
  explanation:
    "A layer states the shapes it takes. A name in them is bound by the first tensor that has it and must be the same afterwards; " +
    "`...` stands for the same axes throughout one signature.",
  say: (facts: {
    span: Span;
    callee: string;
    parameter: string;
    found: string;
    reason: string;
    declared: Span | null;
    signature: string;
    related: readonly Related[];
    help: string | undefined;
  }) => ({
    message: `\`${facts.callee}\` cannot take this as \`${facts.parameter}\`: ${facts.reason}`,
    span: facts.span,
    label: `this is ${facts.found}`,
    related: [
      ...facts.related,
      ...(facts.declared === null ? [] : [{ span: facts.declared, message: "its signature" }]),
    ],
    help: facts.help,
    notes:
      facts.declared === null ? [`the signature of \`${facts.callee}\` says \`${facts.signature}\``] : [],
  }),
});

export const resultUnfit = message({
  code: "E0215",
  title: "a result that differs from the signature",
  explanation:
    "What a layer returns, and what a `collect` line collects, must have the shape that it declares.",
  say: (facts: {
    span: Span;
    name: string;
    promised: string;
    returned: string;
    related: readonly Related[];
  }) => ({
    message: `\`${facts.name}\` promises ${facts.promised}, and gives ${facts.returned}`,
    span: facts.span,
    label: `${facts.promised} promised here`,
    related: facts.related,
  }),
});

export const notATensor = message({
  code: "E0232",
  title: "something that cannot be a tensor",
  explanation: "Tensors, numbers, dimensions and short lists of numbers can be operands.",
  say: (facts: { span: Span; found: string }) => ({
    message: `a tensor is due here, and this is ${facts.found}`,
    span: facts.span,
  }),
});

export const dimensionUnfit = message({
  code: "E0246",
  title: "something that is no dimension",
  explanation: "A dimension is a whole number known when compiling, or `batch`.",
  say: (facts: { span: Span; found: string }) => ({
    message: `a dimension is due here, and this is ${facts.found}`,
    span: facts.span,
  }),
});

export const dimensionTooSmall = message({
  code: "E0247",
  title: "a dimension below 1",
  explanation: "Every axis has at least one place.",
  say: (facts: { span: Span; text: string; value: string }) => ({
    message: `a dimension is at least 1, and this is ${facts.value}`,
    span: facts.span,
    label: facts.text === facts.value ? undefined : `\`${facts.text}\` = ${facts.value}`,
  }),
});

export const positiveAxis = message({
  code: "E0248",
  title: "an axis counted from the front",
  explanation:
    "Axes are named by their dimension or counted from the end: -1 is the last. Counting from the front would count `batch` too, and " +
    "mean another axis in each layer that adds one.",
  say: (facts: { span: Span; place: number; rank: number; shape: string }) => ({
    message: `axes are counted from the end, and this is ${facts.place}`,
    span: facts.span,
    label: `of ${facts.shape}`,
    help:
      facts.place < facts.rank
        ? `\`${facts.place - facts.rank}\` is axis ${facts.place} of ${facts.shape}`
        : "name the dimension, or write -1 for the last axis",
  }),
});

export const unknownAxis = message({
  code: "E0249",
  title: "an axis that a tensor does not have",
  explanation: "`over:` names a dimension of the tensor, or counts from its end.",
  say: (facts: { span: Span; axis: string; shape: string; names: readonly string[] | null }) => ({
    message: `${facts.shape} has no axis ${facts.axis}`,
    span: facts.span,
  }),
});

export const ambiguousAxis = message({
  code: "E0250",
  title: "an axis that could be several",
  explanation: "Where several axes have the same size, a number does not say which one is meant.",
  say: (facts: { span: Span; size: number | string; shape: string }) => ({
    message: `several axes of ${facts.shape} are ${facts.size}`,
    span: facts.span,
    help: "count from the end: `-1` is the last axis",
  }),
});

export const drawShape = message({
  code: "E0258",
  title: "random numbers without a shape",
  explanation: "Draws take their shape from a tensor, `like: x`, or from a list, `normal([batch, 32])`.",
  say: (facts: { span: Span; draw: string }) => ({
    message: `nothing says what shape \`${facts.draw}\` draws`,
    span: facts.span,
    help: "give a shape, `[batch, 32]`, or a tensor, `like: x`",
  }),
});

export const notSplit = message({
  code: "E0259",
  title: "a split that leaves something over",
  explanation: "`split` makes equal parts of an axis; `unstack` takes its places one by one.",
  say: (facts: { span: Span; tensor: string; size: string; parts: string }) => ({
    message: `an axis of ${facts.size} cannot be split into ${facts.parts.replace(/^the number /, "")} equal parts`,
    span: facts.span,
    label: `of ${facts.tensor}`,
  }),
});

export const noSubscripts = message({
  code: "E0260",
  title: "subscripts on something without places",
  explanation: "Tensors and lists have places.",
  say: (facts: { span: Span; found: string }) => ({
    message: `${facts.found} has no places to choose from`,
    span: facts.span,
  }),
});

export const tooManySubscripts = message({
  code: "E0261",
  title: "more subscripts than axes",
  explanation: "Each subscript is for one axis, `batch` included: `x[:, -1]` is the last of each sample.",
  say: (facts: { span: Span; tensor: string; rank: number }) => ({
    message: `${facts.tensor} has ${facts.rank} ${facts.rank === 1 ? "axis" : "axes"}, and this is one more`,
    span: facts.span,
  }),
});

export const outOfRange = message({
  code: "E0262",
  title: "a place outside",
  explanation: "Places are counted from 0; negative ones from the end.",
  say: (facts: { span: Span; place: string; size: string; what: string; related: readonly Related[] }) => ({
    message: `${facts.what} of ${facts.size} has no place ${facts.place}`,
    span: facts.span,
    related: facts.related,
  }),
});
