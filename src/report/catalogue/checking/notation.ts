/** Owns the messages about index notation: E02xx. */
import type { Related } from "../../diagnostic.ts";
import type { Span } from "../../../text/source.ts";
import { message } from "../define.ts";

export const indexUnfit = message({
  code: "E0283",
  title: "an expression that index notation cannot hold",
  explanation:
    "Index notation is made of elements read at indices, arithmetic and functions of numbers, `where`, and reducers `sum`, `mean`, " +
    "`product`, `max`, `min` with `over:`.",
  say: (facts: { span: Span; reason: string }) => ({ message: facts.reason, span: facts.span }),
});

export const indexTwice = message({
  code: "E0284",
  title: "an index declared twice",
  explanation: "Each index on the left, and each in one `over:`, is a loop of its own.",
  say: (facts: { span: Span; name: string; before: Span }) => ({
    message: `the index \`${facts.name}\` stands here twice`,
    span: facts.span,
    related: [{ span: facts.before, message: "first here" }],
  }),
});

export const rangeUnknown = message({
  code: "E0285",
  title: "an index without a range",
  explanation:
    "An index runs over the axis where it stands alone. One that stands nowhere alone is given its range.",
  say: (facts: { span: Span; name: string }) => ({
    message: `nothing says how far the index \`${facts.name}\` runs`,
    span: facts.span,
    help: `give its range: \`${facts.name} < n\``,
  }),
});

export const rangeConflict = message({
  code: "E0286",
  title: "an index with two ranges",
  explanation: "All axes at which an index stands alone have the same size.",
  say: (facts: {
    name: string;
    first: { readonly extent: string; readonly span: Span };
    other: { readonly extent: string; readonly span: Span };
  }) => ({
    message: `the index \`${facts.name}\` runs over axes of different sizes`,
    span: facts.other.span,
    label: `${facts.other.extent} here`,
    related: [{ span: facts.first.span, message: `${facts.first.extent} here` }],
  }),
});

export const overMissing = message({
  code: "E0287",
  title: "a reducer that says not over what",
  explanation: "`sum(x[b, i], over: i)` names the indices it runs over.",
  say: (facts: { span: Span; reducer: string }) => ({
    message: `\`${facts.reducer}\` of elements does not say which indices it runs over`,
    span: facts.span,
    help: `name them: \`${facts.reducer}(…, over: i)\`, or \`over: [i, k < 3]\``,
  }),
});

export const indexOutside = message({
  code: "E0288",
  title: "an index that may lie outside",
  explanation:
    "A computed index is proven to lie within its axis, from the ranges of the indices it is made of.",
  say: (facts: {
    span: Span;
    text: string;
    lowest: string | null;
    highest: string | null;
    extent: string;
    related: readonly Related[];
  }) => ({
    message: `\`${facts.text}\` is not proven to lie within an axis of ${facts.extent}`,
    span: facts.span,
    label:
      facts.lowest === null || facts.highest === null
        ? "its bounds are unknown"
        : `it runs from ${facts.lowest} to ${facts.highest}`,
    related: facts.related,
    help: "give an index a smaller range: `i < n - 2`",
  }),
});

export const wrongSubscripts = message({
  code: "E0289",
  title: "an element with too few or too many indices",
  explanation: "In index notation every axis has its index, `batch` included.",
  say: (facts: { span: Span; tensor: string; given: number; rank: number }) => ({
    message: `an element of ${facts.tensor} has ${facts.rank} ${facts.rank === 1 ? "index" : "indices"}, and this has ${facts.given}`,
    span: facts.span,
  }),
});
