/** Owns the messages about models and their recipes: E02xx. */
import type { Span } from "../../../text/source.ts";
import { message } from "../define.ts";
import { listed } from "./listed.ts";

export const unknownSetting = message({
  code: "E0219",
  title: "a setting that recipes do not have",
  explanation:
    "A `train` block holds `data`, `test`, `minimize`, `batch`, `accumulate`, `epochs`, `steps`, `clip`, `validate`, `stop`, `keep`, `average`, " +
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
  say: (facts: { span: Span; name: string; text: string; due: string }) => ({
    message: `\`${facts.name}\` takes ${facts.due}, and cannot be set to \`${facts.text}\``,
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

export const augmentForm = message({
  code: "E0311",
  title: "an `augment` line that is no pipe",
  explanation:
    "`augment` sends an input or target through layers before training sees it, `image -> shift(2)`, or several that change alike, `[image, region] -> flip`. In these lines the library's `random_shift` is called `shift`, and so on. Layers of your own work as well.",
  say: (facts: { span: Span }) => ({
    message: "`augment` takes inputs or targets and what is done to them",
    span: facts.span,
    help: "write `image -> shift(2)`, or `[image, region] -> flip`",
  }),
});

export const augmentHolds = message({
  code: "E0313",
  title: "an augmentation with parameters",
  explanation:
    "What `augment` does to samples is drawn, not learned: there is no gradient to learn it by, and nothing of it is left in use.",
  say: (facts: { span: Span; path: string }) => ({
    message: `an augmentation has nothing to learn, and this declares \`${facts.path}\``,
    span: facts.span,
    help: "put a layer with parameters into the model",
  }),
});

export const augmentUnfit = message({
  code: "E0312",
  title: "an augmentation that changes what a sample is",
  explanation:
    "The network takes augmented samples in the place of samples: so they have the same shape and hold the same kind of numbers.",
  say: (facts: { span: Span; port: string; due: string; found: string; declared: Span }) => ({
    message: `this makes ${facts.found} of \`${facts.port}\`, which is ${facts.due}`,
    span: facts.span,
    related: [{ span: facts.declared, message: "declared here" }],
    help: "end with the shape that it began with",
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
