/** Owns the messages of the checker: E02xx. */
import { type Frame, userFrame } from "../../ir/frame.ts";
import type { Related } from "../diagnostic.ts";
import type { Span } from "../../text/source.ts";
import { message } from "./define.ts";

interface Named {
  readonly text: string;
  readonly span: Span;
}

export const unknownName = message({
  code: "E0201",
  title: "a name that nothing has",
  explanation:
    "Names mean what was bound before them in the same body, a constant or definition of the file, an import, or something of the " +
    "library. Before `(` and after `->` a name is looked up among what can be called, elsewhere among values.",
  say: (facts: { span: Span; name: string; what: string; suggestion: string | null }) => ({
    message: `there is no ${facts.what} \`${facts.name}\``,
    span: facts.span,
    label: facts.suggestion === null ? "nothing here has this name" : `did you mean \`${facts.suggestion}\`?`,
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

export const unsupported = message({
  code: "E0202",
  title: "a part of the language that this version does not have yet",
  explanation: "The form belongs to the language, and this version of the compiler cannot translate it yet.",
  say: (facts: { span: Span; what: string }) => ({
    message: `${facts.what} is not supported by this version`,
    span: facts.span,
  }),
});

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
  }) => ({
    message: `\`${facts.callee}\` cannot take this as \`${facts.parameter}\`: ${facts.reason}`,
    span: facts.span,
    label: `this is ${facts.found}`,
    related: [
      ...facts.related,
      ...(facts.declared === null ? [] : [{ span: facts.declared, message: "its signature" }]),
    ],
    notes:
      facts.declared === null ? [`the signature of \`${facts.callee}\` says \`${facts.signature}\``] : [],
  }),
});

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
    declared: Span | null;
  }) => ({
    message: `\`${facts.callee}\` needs ${listed(facts.names)}`,
    span: facts.span,
    label: facts.names.length === 1 ? "not given here" : "none of them given here",
    help: facts.tensor
      ? `pipe a tensor into it: \`x -> ${facts.callee}\``
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

export const alreadyDeclared = message({
  code: "E0216",
  title: "a name declared twice",
  explanation:
    "Definitions, constants, models and imports of a file, and the ports, outputs, losses and metrics of a model, have names of their own.",
  say: (facts: { name: Named; before: Span; what: string }) => ({
    message: `${facts.what} has two of the name \`${facts.name.text}\``,
    span: facts.name.span,
    related: [{ span: facts.before, message: "the first" }],
    help: "give one of them another name",
  }),
});

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

export const layerNotValue = message({
  code: "E0218",
  title: "a layer where a value is due",
  explanation: "A layer is called, `f(x)` or `x -> f`; only options of type `layer(…)` take one as it is.",
  say: (facts: { span: Span; name: string }) => ({
    message: `\`${facts.name}\` is something to call, not a value`,
    span: facts.span,
    help: `call it: \`${facts.name}(…)\` or \`x -> ${facts.name}\``,
  }),
});

export const unknownSetting = message({
  code: "E0219",
  title: "a setting that recipes do not have",
  explanation:
    "A `train` block holds `data`, `test`, `minimize`, `batch`, `epochs`, `steps`, `clip`, `validate`, `stop`, `keep`, `average`, " +
    "`augment` and `seed`.",
  say: (facts: { span: Span; key: string; keys: readonly string[]; suggestion: string | null }) => ({
    message: `a recipe has no \`${facts.key}\``,
    span: facts.span,
    label: facts.suggestion === null ? undefined : `did you mean \`${facts.suggestion}\`?`,
    notes: [`it has ${listed(facts.keys)}`],
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

export const unknownHyperparameter = message({
  code: "E0220",
  title: "a hyper-parameter that the model does not have",
  explanation: "`--set name=value` sets a parameter of the model: those in the parentheses after its name.",
  say: (facts: {
    span: Span;
    model: string;
    name: string;
    names: readonly string[];
    suggestion: string | null;
  }) => ({
    message: `\`${facts.model}\` has no hyper-parameter \`${facts.name}\``,
    span: facts.span,
    label: facts.suggestion === null ? undefined : `did you mean \`${facts.suggestion}\`?`,
    notes: [facts.names.length === 0 ? "it has none" : `it has ${listed(facts.names)}`],
  }),
});

export const hyperparameterUnfit = message({
  code: "E0221",
  title: "a hyper-parameter set to the wrong kind of value",
  explanation: "The value given from outside must fit the type that the model declares.",
  say: (facts: { span: Span; name: string; text: string }) => ({
    message: `\`${facts.name}\` cannot be set to \`${facts.text}\``,
    span: facts.span,
    label: "declared here",
  }),
});

export const hyperparameterMissing = message({
  code: "E0222",
  title: "a hyper-parameter without a value",
  explanation: "A hyper-parameter needs a fallback in the model, or a value from outside.",
  say: (facts: { span: Span; name: string; model: string }) => ({
    message: `\`${facts.name}\` of \`${facts.model}\` has no value`,
    span: facts.span,
    help: `set it with \`--set ${facts.name}=…\`, or give it a fallback: \`= …\``,
  }),
});

export const misplaced = message({
  code: "E0223",
  title: "a statement where it may not stand",
  explanation:
    "`input`, `target`, `output`, `loss` and `metric` stand in models; `collect` in metrics; `state` and `update` in layers, models and " +
    "optimizers; `param` in layers and models; `return` in everything but models.",
  say: (facts: { span: Span; statement: string; body: string }) => ({
    message: `\`${facts.statement}\` may not stand in ${facts.body === "optimizer" ? "an" : "a"} ${facts.body}`,
    span: facts.span,
  }),
});

export const importMissing = message({
  code: "E0224",
  title: "an import of a file that is not there",
  explanation: "Imports are paths relative to the file that imports.",
  say: (facts: { span: Span; path: string }) => ({
    message: `there is no file \`${facts.path}\``,
    span: facts.span,
    label: "imported here",
  }),
});

export const notExported = message({
  code: "E0225",
  title: "an import of a name that the file does not declare",
  explanation:
    "A file gives its layers, metrics, optimizers, schedules and constants to whoever imports them.",
  say: (facts: { name: Named; path: string; suggestion: string | null }) => ({
    message: `\`${facts.path}\` declares no \`${facts.name.text}\``,
    span: facts.name.span,
    label: facts.suggestion === null ? undefined : `did you mean \`${facts.suggestion}\`?`,
  }),
});

export const shadowsModel = message({
  code: "E0226",
  title: "an import of a model",
  explanation:
    "Layers, metrics, optimizers, schedules and constants can be imported; a model stands for itself.",
  say: (facts: { name: Named; path: string }) => ({
    message: `\`${facts.name.text}\` is a model, and models cannot be imported`,
    span: facts.name.span,
    help: "move what both need into a layer",
  }),
});

export const bindingCount = message({
  code: "E0227",
  title: "more or fewer names than values",
  explanation: "`a, b = …` takes as many names as there are values; `_` drops one.",
  say: (facts: { span: Span; names: number; found: string }) => ({
    message: `${facts.names === 1 ? "one name" : `${facts.names} names`} cannot take ${facts.found}`,
    span: facts.span,
    label: `this is ${facts.found}`,
  }),
});

export const staticFailure = message({
  code: "E0228",
  title: "compile-time arithmetic without a result",
  explanation:
    "Static values are computed exactly when the network is compiled; dividing by 0 and the like has no result.",
  say: (facts: { span: Span; message: string }) => ({ message: facts.message, span: facts.span }),
});

export const tooDeep = message({
  code: "E0229",
  title: "layers that call themselves without end",
  explanation: "A layer may call itself where a static `if` ends the recursion after a while.",
  say: (facts: { span: Span; name: string; limit: number }) => ({
    message: `\`${facts.name}\` goes deeper than ${facts.limit} calls`,
    span: facts.span,
    label: "this call again",
    help: "end the recursion with a static `if`: `if depth == 0 { return x }`",
  }),
});

export const tooLarge = message({
  code: "E0230",
  title: "a network of too many parts",
  explanation:
    "Loops are written out; one that repeats hundreds of thousands of times makes no network that can be compiled.",
  say: (facts: { span: Span; limit: number }) => ({
    message: `this network grows beyond ${facts.limit} operations`,
    span: facts.span,
    help: "write the repeated arithmetic on whole tensors, or in index notation",
  }),
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

export const notATensor = message({
  code: "E0232",
  title: "something that cannot be a tensor",
  explanation: "Tensors, numbers, dimensions and short lists of numbers can be operands.",
  say: (facts: { span: Span; found: string }) => ({
    message: `a tensor is due here, and this is ${facts.found}`,
    span: facts.span,
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

export const noMember = message({
  code: "E0236",
  title: "a member of something without members",
  explanation:
    "After a dot stands a parameter of a shared layer: `embed.table` of `share embed = embedding(64)`.",
  say: (facts: { span: Span; object: string; member: string; found: string | null }) => ({
    message: `\`${facts.object}\` has no \`${facts.member}\``,
    span: facts.span,
    label: facts.found === null ? undefined : `\`${facts.object}\` is ${facts.found}`,
    help: "only layers that are shared have members: their parameters",
  }),
});

export const notYetCalled = message({
  code: "E0237",
  title: "a parameter of a layer that was not called yet",
  explanation: "A shared layer makes its parameters at its first call, which decides their shapes.",
  say: (facts: { span: Span; share: string; member: string; sharedAt: Span }) => ({
    message: `\`${facts.share}\` was not called before this, so \`${facts.member}\` has no shape yet`,
    span: facts.span,
    related: [{ span: facts.sharedAt, message: "shared here" }],
  }),
});

export const noSuchParameter = message({
  code: "E0238",
  title: "a parameter that a shared layer does not have",
  explanation: "The members of a shared layer are its parameters.",
  say: (facts: {
    span: Span;
    share: string;
    member: string;
    known: readonly string[];
    suggestion: string | null;
  }) => ({
    message: `\`${facts.share}\` has no parameter \`${facts.member}\``,
    span: facts.span,
    label: facts.suggestion === null ? undefined : `did you mean \`${facts.suggestion}\`?`,
    notes: [`it has ${listed(facts.known)}`],
  }),
});

export const mayNotCall = message({
  code: "E0239",
  title: "an initial value where none is made",
  explanation:
    "`zeros()`, `glorot_uniform()` and the like say how a `param` or `state` begins, and stand only there.",
  say: (facts: { span: Span; name: string }) => ({
    message: `\`${facts.name}\` says how a \`param\` or \`state\` begins, and stands only there`,
    span: facts.span,
  }),
});

export const notCallable = message({
  code: "E0240",
  title: "a call of something that cannot be called",
  explanation: "Layers, operations and shared layers can be called; tensors and numbers cannot.",
  say: (facts: { span: Span; name: string | null; found: string | null }) => ({
    message: facts.name === null ? "this cannot be called" : `\`${facts.name}\` cannot be called`,
    span: facts.span,
    label: facts.found === null ? undefined : `this is ${facts.found}`,
  }),
});

export const partOfShare = message({
  code: "E0241",
  title: "a call of a part of a shared layer",
  explanation:
    "A shared layer is called as a whole; its parts have parameters that can be read, `tower.dense.w`.",
  say: (facts: { span: Span; share: string }) => ({
    message: `only the whole of \`${facts.share}\` can be called`,
    span: facts.span,
    help: "share the part by itself",
  }),
});

export const wrongSort = message({
  code: "E0242",
  title: "a metric, optimizer or schedule called as a layer",
  explanation:
    "Metrics stand on `metric` lines, optimizers after `with`, schedules where an optimizer takes a rate; elsewhere layers are called.",
  say: (facts: { span: Span; name: string; sort: string }) => ({
    message: `\`${facts.name}\` is ${facts.sort === "optimizer" ? "an" : "a"} ${facts.sort}, not a layer`,
    span: facts.span,
    help:
      facts.sort === "metric"
        ? `write \`metric ${facts.name}(…)\``
        : facts.sort === "optimizer"
          ? `write it in a recipe: \`minimize: loss with ${facts.name}(…)\``
          : `give it to an optimizer: \`adam(rate: ${facts.name}(…))\``,
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
  say: (facts: { span: Span; what: string; shape: string }) => ({
    message: `a \`${facts.what}\` of shape ${facts.shape} would depend on how many samples there are`,
    span: facts.span,
    help: "leave `batch` out of its shape",
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

export const portUnfit = message({
  code: "E0263",
  title: "an input or target of a type that data does not have",
  explanation:
    "Inputs and targets are tensors per sample: `[28, 28, 1]`, `index(10)`, `index(65)[64]`, or `float`.",
  say: (facts: { span: Span; found: string }) => ({
    message: `\`${facts.found}\` is no type of data`,
    span: facts.span,
    help: "write a shape, `[28, 28]`, an index, `index(10)`, or `float`",
  }),
});

export const sizeUnfit = message({
  code: "E0264",
  title: "an index into nothing countable",
  explanation: "`index(n)` is a whole number from 0 to n - 1; n is known when the network is compiled.",
  say: (facts: { span: Span; found: string }) => ({
    message: `an index goes into a whole number of things, and this is ${facts.found}`,
    span: facts.span,
  }),
});

export const outputReadsTarget = message({
  code: "E0265",
  title: "an output that needs a target",
  explanation: "In use there are no targets, so no output may be computed from one.",
  say: (facts: { span: Span; output: string; target: string; declared: Span }) => ({
    message: `the output \`${facts.output}\` is computed from the target \`${facts.target}\``,
    span: facts.span,
    related: [{ span: facts.declared, message: "the target" }],
    help: `use it in a \`loss\` or \`metric\`, or make \`${facts.target}\` an input`,
  }),
});

export const lossNotNumbers = message({
  code: "E0266",
  title: "a loss that is no number",
  explanation: "A loss gives one number an element; what is left is averaged.",
  say: (facts: { span: Span; found: string }) => ({
    message: `a loss is made of numbers, and this is ${facts.found}`,
    span: facts.span,
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

export const metricSeesNothing = message({
  code: "E0268",
  title: "a metric whose result is not made of what it collects",
  explanation:
    "A metric collects something of every batch, and returns one number of all that was collected; tensors of a single batch no longer exist then.",
  say: (facts: { span: Span; metric: string; declared: Span }) => ({
    message: `\`${facts.metric}\` returns something that is not made of what it collects`,
    span: facts.span,
    related: [{ span: facts.declared, message: "defined here" }],
    help: "collect what the result needs: `collect error: [...] = …`",
  }),
});

export const metricNotNumber = message({
  code: "E0269",
  title: "a metric that is not one number",
  explanation: "A metric is one number of a whole data set.",
  say: (facts: { span: Span; metric: string; found: string }) => ({
    message: `\`${facts.metric}\` returns ${facts.found}, and a metric is one number`,
    span: facts.span,
    help: "average it: `return mean(…)`",
  }),
});

export const notAnOptimizer = message({
  code: "E0270",
  title: "something after `with` that is no optimizer",
  explanation:
    "`minimize: loss with adam(1e-3)`: after `with` stands an optimizer of the library or of the program.",
  say: (facts: { span: Span; found: string; suggestion: string | null }) => ({
    message: `\`${facts.found}\` is no optimizer`,
    span: facts.span,
    label: facts.suggestion === null ? undefined : `did you mean \`${facts.suggestion}\`?`,
    help: "as in `minimize: loss with adam(1e-3)`",
  }),
});

export const optimizerSignature = message({
  code: "E0271",
  title: "an optimizer without parameters or gradients",
  explanation:
    "The first two tensors of an optimizer are the parameters and their gradients; then follow `step` and, where it needs it, `total`.",
  say: (facts: { span: Span; name: string }) => ({
    message: `\`${facts.name}\` must take the parameters and their gradients first`,
    span: facts.span,
    help: `\`optimizer ${facts.name}(p: [...], g: [...], step: [], rate: schedule) -> [...]\``,
  }),
});

export const minimizeUnfit = message({
  code: "E0272",
  title: "a `minimize` line that is not one number",
  explanation:
    "`minimize` takes the losses of the model by name, `loss` for their sum, and arithmetic on them.",
  say: (facts: { span: Span; found: string; losses: readonly string[] }) => ({
    message: `one number is minimised, and this is ${facts.found}`,
    span: facts.span,
    notes: [`the losses are ${listed(facts.losses)}`],
  }),
});

export const noLoss = message({
  code: "E0273",
  title: "a recipe for a model without losses",
  explanation: "Training needs at least one `loss` line in the model.",
  say: (facts: { span: Span }) => ({
    message: "the model has no loss to minimise",
    span: facts.span,
    help: "add one: `loss mse(guess, truth)`",
  }),
});

export const pathReachesNothing = message({
  code: "E0274",
  title: "an `over` path without parameters",
  explanation:
    "After `over` stand names of parameters, or how their names begin; the loss must depend on them.",
  say: (facts: { span: Span; path: string; heads: readonly string[]; suggestion: string | null }) => ({
    message: `the loss reaches no parameter under \`${facts.path}\``,
    span: facts.span,
    label: facts.suggestion === null ? undefined : `did you mean \`${facts.suggestion}\`?`,
    notes: facts.heads.length === 0 ? [] : [`it reaches ${listed(facts.heads)}`],
  }),
});

export const repeatedSetting = message({
  code: "E0275",
  title: "a setting given twice",
  explanation: "Each setting of a recipe stands once; only `minimize` may be repeated.",
  say: (facts: { span: Span; key: string; before: Span }) => ({
    message: `\`${facts.key}\` is set twice`,
    span: facts.span,
    related: [{ span: facts.before, message: "first here" }],
  }),
});

export const settingForm = message({
  code: "E0276",
  title: "a setting in another form than it has",
  explanation: "Settings as `validate`, `clip`, `stop` and `keep` have one or two forms with arguments.",
  say: (facts: {
    span: Span;
    key: string;
    forms: readonly string[];
    order: readonly string[];
    found: string;
  }) => ({
    message: `\`${facts.key}\` does not take \`${facts.found}\``,
    span: facts.span,
    help: `write ${facts.forms.map((form) => `\`${form}(${facts.order[0]}${facts.order.length > 1 ? ", …" : ""})\``).join(" or ")}`,
    notes: facts.order.length > 1 ? [`its arguments are ${listed(facts.order)}`] : [],
  }),
});

export const settingUnfit = message({
  code: "E0277",
  title: "a setting of the wrong kind",
  explanation: "Settings are numbers, words and calls with values known when the network is compiled.",
  say: (facts: { span: Span; key: string; due: string; found: string }) => ({
    message: `\`${facts.key}\` takes ${facts.due}, and this is ${facts.found}`,
    span: facts.span,
  }),
});

export const validationMissing = message({
  code: "E0278",
  title: "stopping or keeping by what is not measured",
  explanation:
    "`stop` and `keep` look at losses and metrics on the part that is held back, so `validate` must hold something back.",
  say: (facts: { span: Span; setting: string }) => ({
    message: `\`${facts.setting}\` looks at what is held back, and nothing is`,
    span: facts.span,
    help: "add `validate: split(0.1)`",
  }),
});

export const unknownModel = message({
  code: "E0279",
  title: "a model that the file does not have",
  explanation: "`--model` names one of the models of the file.",
  say: (facts: { span: Span; name: string; names: readonly string[]; suggestion: string | null }) => ({
    message: `there is no model \`${facts.name}\``,
    span: facts.span,
    label: facts.suggestion === null ? undefined : `did you mean \`${facts.suggestion}\`?`,
    notes: [facts.names.length === 0 ? "the file has no model" : `the file has ${listed(facts.names)}`],
  }),
});

export const unknownRecipe = message({
  code: "E0280",
  title: "a recipe that the model does not have",
  explanation: "A recipe is chosen by its alias: `train Digits as quick { … }`.",
  say: (facts: { span: Span; name: string; names: readonly string[]; suggestion: string | null }) => ({
    message: `there is no recipe \`${facts.name}\``,
    span: facts.span,
    label: facts.suggestion === null ? undefined : `did you mean \`${facts.suggestion}\`?`,
    notes: [facts.names.length === 0 ? "no recipe has an alias" : `there are ${listed(facts.names)}`],
  }),
});

export const nothingToLearn = message({
  code: "E0281",
  title: "a model without outputs and losses",
  explanation: "A model gives something (`output`) or learns something (`loss`), or both.",
  say: (facts: { span: Span; model: string }) => ({
    message: `\`${facts.model}\` has neither an output nor a loss`,
    span: facts.span,
    help: "add `output name = …`",
  }),
});

export const compilerFault = message({
  code: "E0282",
  title: "a fault of the compiler",
  explanation: "Something went wrong that is not the program's doing; please report it with the program.",
  say: (facts: { span: Span; overflow: boolean; detail: string }) => ({
    message: facts.overflow
      ? "this program is nested too deep for the compiler"
      : "the compiler failed on this program; this is its fault, please report it",
    span: facts.span,
    notes: facts.overflow ? [] : [facts.detail],
  }),
});

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
    first: { readonly extent: { readonly constant: number }; readonly span: Span };
    other: { readonly extent: { readonly constant: number }; readonly span: Span };
  }) => ({
    message: `the index \`${facts.name}\` runs over axes of different sizes`,
    span: facts.other.span,
    label: `${sizeOf(facts.other.extent)} here`,
    related: [{ span: facts.first.span, message: `${sizeOf(facts.first.extent)} here` }],
  }),
});

export const overMissing = message({
  code: "E0287",
  title: "a reducer that says not over what",
  explanation: "`sum(x[b, i], over: i)` names the indices it runs over.",
  say: (facts: { span: Span }) => ({ message: "this reducer has nothing to run over", span: facts.span }),
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

function sizeOf(extent: { readonly constant: number }): string {
  return extent.constant === 0 ? "the samples" : String(extent.constant);
}

function listed(names: readonly string[]): string {
  const quoted = names.map((name) => `\`${name}\``);
  if (quoted.length < 2) return quoted[0] ?? "nothing";
  return `${quoted.slice(0, -1).join(", ")} and ${quoted.at(-1)!}`;
}

export const noGradient = message({
  code: "E0290",
  title: "a path to a parameter through an operation without a gradient",
  explanation:
    "A loss is minimised along its gradient. An operation that is constant in steps, as `argmax`, has none, so what lies before it " +
    "could not learn. Integers and `stop_gradient` end a path without complaint.",
  say: (facts: { frame: Frame; operation: string; reason: string; parameter: string }) => ({
    message: `the loss reaches \`${facts.parameter}\` through \`${facts.operation}\`, which has no gradient`,
    span: userFrame(facts.frame).span,
    label: `\`${facts.operation}\` ${facts.reason}`,
    help: "if this path is not meant to learn, end it: `stop_gradient(x)`",
  }),
});
