/** Owns the messages of differentiation: E03xx. */
import type { Span } from "../../text/source.ts";
import { message } from "./define.ts";

export const noGradient = message({
  code: "E0301",
  title: "a path from a loss to a parameter that no gradient passes",
  explanation:
    "A parameter is moved along the gradient of a loss. On every path between the two each operation must have one. " +
    "Operations that are piecewise constant (`floor`, `round`, `argmax`, comparisons) have none: where the parameter " +
    "is meant to be moved by another path alone, end this one with `stop_gradient`.",
  say: (facts: {
    /** The user's call that holds the operation. */
    span: Span;
    /** The operation within the library, where it stands in another file. */
    inner: Span | null;
    operation: string;
    reason: string;
    parameter: string;
    declared: Span;
  }) => ({
    message: `no gradient passes \`${facts.operation}\` on the way from the loss to \`${facts.parameter}\``,
    span: facts.span,
    label: `\`${facts.operation}\` ${facts.reason}`,
    related: [
      { span: facts.declared, message: `\`${facts.parameter}\` is declared here and should be moved` },
      ...(facts.inner === null
        ? []
        : [{ span: facts.inner, message: `\`${facts.operation}\` is called here` }]),
    ],
    help: "end the path on purpose with `stop_gradient`, or use an operation that has a gradient",
  }),
});
