/** Owns the messages about arguments and static values: E02xx. */
import type { Span } from "../../../text/source.ts";
import { message } from "../define.ts";
import { listed } from "./listed.ts";

export const unknownLabel = message({
  code: "E0206",
  title: "an argument that nothing takes",
  explanation: "A named argument must be one of the parameters of what is called.",
  say: (facts: {
    span: Span;
    callee: string;
    label: string;
    names: readonly string[];
    suggestion: string | null;
  }) => ({
    message: `\`${facts.callee}\` has no \`${facts.label}\``,
    span: facts.span,
    label: facts.suggestion === null ? undefined : `did you mean \`${facts.suggestion}\`?`,
    notes: [
      facts.names.length === 0 ? `\`${facts.callee}\` takes nothing` : `it takes ${listed(facts.names)}`,
    ],
    ...(facts.suggestion === null
      ? {}
      : {
          fix: {
            title: `write \`${facts.suggestion}\``,
            edits: [{ span: facts.span, text: facts.suggestion }],
          },
        }),
  }),
});

export const argumentTwice = message({
  code: "E0207",
  title: "an argument given twice",
  explanation: "Each parameter takes one argument.",
  say: (facts: { span: Span; callee: string; name: string; before: Span }) => ({
    message: `\`${facts.callee}\` is given \`${facts.name}\` twice`,
    span: facts.span,
    related: [{ span: facts.before, message: "first here" }],
  }),
});

export const tooManyArguments = message({
  code: "E0208",
  title: "more arguments than parameters",
  explanation: "Arguments without a name fill the parameters in order; there are no more to fill.",
  say: (facts: { span: Span; callee: string; takes: readonly string[] }) => ({
    message: `\`${facts.callee}\` takes no further argument`,
    span: facts.span,
    notes: [facts.takes.length === 0 ? "it takes nothing" : `it takes ${listed(facts.takes)}`],
  }),
});

export const missingArgument = message({
  code: "E0209",
  title: "an argument that is missing",
  explanation: "Parameters without a fallback must be given.",
  say: (facts: {
    span: Span;
    callee: string;
    names: readonly string[];
    tensor: boolean;
    /** Numbers that stand where a tensor is due. */
    taken: readonly string[];
  }) => ({
    message: `\`${facts.callee}\` needs ${listed(facts.names)}`,
    span: facts.span,
    label: facts.names.length === 1 ? "not given here" : "none of them given here",
    notes: facts.taken,
    help: facts.tensor
      ? `pipe a tensor into it: \`x -> ${facts.callee}${facts.taken.length > 0 ? "(…)" : ""}\``
      : `give it: \`${facts.names[0]}: …\``,
  }),
});

export const optionUnfit = message({
  code: "E0210",
  title: "an option of the wrong kind",
  explanation:
    "Options are decided when the network is compiled, and each has a type: `int`, `float`, `bool`, `string`, a word of a list, a " +
    "layer, a schedule.",
  say: (facts: { span: Span; callee: string | null; option: string; due: string; found: string }) => ({
    message: `\`${facts.option}\`${facts.callee === null ? "" : ` of \`${facts.callee}\``} takes ${facts.due}, and this is ${facts.found}`,
    span: facts.span,
    label: `${facts.due} due here`,
  }),
});

export const notWhole = message({
  code: "E0211",
  title: "a number that must be whole",
  explanation:
    "Compile-time arithmetic is exact: `7 / 2` is 3.5. Dimensions and `int` options must be whole; `floor` and `ceil` make them so.",
  say: (facts: { span: Span; text: string; value: string; due: string }) => ({
    message: `${facts.due} must be whole, and this is ${facts.value}`,
    span: facts.span,
    label: facts.text === facts.value ? "not whole" : `\`${facts.text}\` = ${facts.value}`,
    help:
      facts.text === facts.value
        ? undefined
        : `round it: \`floor(${facts.text})\` or \`ceil(${facts.text})\``,
  }),
});

export const requirementFailed = message({
  code: "E0212",
  title: "what a layer requires does not hold",
  explanation: "A layer may state with `require` what its options and shapes must satisfy, and why.",
  say: (facts: {
    span: Span;
    layer: string;
    reason: string;
    condition: string;
    values: readonly string[];
  }) => ({
    message: `\`${facts.layer}\`: ${facts.reason}`,
    span: facts.span,
    label: `required: ${facts.condition}`,
    notes: facts.values.length === 0 ? [] : [facts.values.join(", ")],
  }),
});

export const conditionNotStatic = message({
  code: "E0213",
  title: "an `if` on something that only data decides",
  explanation:
    "`if` and `for` are decided when the network is compiled. A choice that depends on data is `where(condition, a, b)`.",
  say: (facts: { span: Span; found: string }) => ({
    message: "`if` is decided when the network is compiled, and this depends on data",
    span: facts.span,
    label: `this is ${facts.found}`,
    help: "choose element by element: `where(condition, a, b)`",
  }),
});

export const branchesStatic = message({
  code: "E0214",
  title: "a condition that is neither true nor false",
  explanation:
    "A condition is a comparison, `true`, `false`, `training`, or several of them with `and`, `or`, `not`.",
  say: (facts: { span: Span; found: string }) => ({
    message: "this condition is neither true nor false",
    span: facts.span,
    label: `this is ${facts.found}`,
  }),
});

export const bindingCount = message({
  code: "E0227",
  title: "more or fewer names than values",
  explanation: "`a, b = …` takes as many names as there are values; `_` drops one.",
  say: (facts: { span: Span; names: number; found: string }) => ({
    message: `${facts.names === 1 ? "one name" : `${facts.names} names`} cannot take ${facts.found}`,
    span: facts.span,
    label: /values$/.test(facts.found) ? undefined : `this is ${facts.found}`,
  }),
});

export const staticFailure = message({
  code: "E0228",
  title: "compile-time arithmetic without a result",
  explanation:
    "Static values are computed exactly when the network is compiled; dividing by 0 and the like has no result.",
  say: (facts: { span: Span; message: string }) => ({ message: facts.message, span: facts.span }),
});

export const operandsUnfit = message({
  code: "E0231",
  title: "an operator between things it is not for",
  explanation:
    "Arithmetic works on numbers, dimensions, tensors and lists of numbers; `and`, `or`, `not` on true and false.",
  say: (facts: {
    span: Span;
    operator: string;
    left: { readonly span: Span; readonly found: string };
    right: { readonly span: Span; readonly found: string };
  }) => ({
    message: `\`${facts.operator}\` does not work between ${facts.left.found} and ${facts.right.found}`,
    span: facts.span,
    related: [
      { span: facts.left.span, message: facts.left.found },
      { span: facts.right.span, message: facts.right.found },
    ],
  }),
});

export const notStatic = message({
  code: "E0233",
  title: "a value that must be known when compiling",
  explanation: "Ranges, places in lists, constants and options are decided when the network is compiled.",
  say: (facts: { span: Span; what: string; found?: string }) => ({
    message: `${facts.what} must be known when the network is compiled`,
    span: facts.span,
    label: facts.found === undefined ? undefined : `this is ${facts.found}`,
  }),
});

export const constantTooLarge = message({
  code: "E0310",
  title: "a constant that is too large to compute when compiling",
  explanation:
    "The compiler computes constants, and writes them into the module: small tables, as noise schedules, windows and banks of filters. What is larger comes as an input, or is learned.",
  say: (facts: { span: Span; found: string; limit: number }) => ({
    message: `this constant, ${facts.found}, is more than the compiler computes`,
    span: facts.span,
    notes: [`a constant holds at most ${facts.limit} numbers`],
    help: "pass it as an input, or compute it in a layer, where the network needs it",
  }),
});

export const rangeEnds = message({
  code: "E0234",
  title: "a range that is far too long",
  explanation: "Ranges are written out when the network is compiled.",
  say: (facts: { span: Span; from: number; to: number; limit: number }) => ({
    message: `${facts.from}..${facts.to} is longer than ${facts.limit}`,
    span: facts.span,
  }),
});

export const emptyRange = message({
  code: "E0235",
  title: "a range that runs backwards",
  explanation: "`0..3` is 0, 1, 2: the first end is the smaller one.",
  say: (facts: { span: Span; from: number; to: number }) => ({
    message: `this range runs from ${facts.from} back to ${facts.to}`,
    span: facts.span,
    help: `\`${facts.to}..${facts.from}\` counts upwards`,
  }),
});

export const noReturn = message({
  code: "E0243",
  title: "a definition that returns nothing",
  explanation: "Layers, optimizers, metrics and schedules end with `return`.",
  say: (facts: { span: Span; name: string }) => ({
    message: `\`${facts.name}\` comes to its end without \`return\``,
    span: facts.span,
  }),
});

export const resultCount = message({
  code: "E0244",
  title: "more or fewer results than the signature promises",
  explanation: "`return` gives as many values as the signature has results.",
  say: (facts: { span: Span; name: string; promised: number; returned: number }) => ({
    message: `\`${facts.name}\` promises ${facts.promised} ${facts.promised === 1 ? "result" : "results"} and returns ${facts.returned}`,
    span: facts.span,
  }),
});

export const wordUnknown = message({
  code: "E0245",
  title: "a word that an option does not list",
  explanation: "Some options take one of a few words, as `padding: same | valid | causal`.",
  say: (facts: {
    span: Span;
    word: string;
    option: string;
    words: readonly string[];
    suggestion: string | null;
  }) => ({
    message: `\`${facts.option}\` has no \`${facts.word}\``,
    span: facts.span,
    label: facts.suggestion === null ? undefined : `did you mean \`${facts.suggestion}\`?`,
    notes: [`it is one of ${listed(facts.words)}`],
  }),
});

export const notIterable = message({
  code: "E0251",
  title: "a loop over something that is no list",
  explanation: "`for` runs over a range, `0..3`, or a list; both are known when the network is compiled.",
  say: (facts: { span: Span; found: string }) => ({
    message: "`for` runs over a range or a list",
    span: facts.span,
    label: `this is ${facts.found}`,
    help: "a range of numbers is `0..n`",
  }),
});

export const optionsSet = message({
  code: "E0291",
  title: "options for a layer that has its options already",
  explanation:
    "A layer that is a value, shared or passed on, got its options where it was made; a call gives it tensors.",
  say: (facts: { span: Span; layer: string; set: Span }) => ({
    message: `\`${facts.layer}\` got its options where it was made, and takes tensors alone`,
    span: facts.span,
    related: [{ span: facts.set, message: "its options" }],
  }),
});
