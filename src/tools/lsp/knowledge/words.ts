/** Owns what editors say of words that stand for nothing declared: beginnings of statements, clauses, types, what the language gives. */

export interface Start {
  readonly word: string;
  /** With `${1:…}` where something is to be filled in. */
  readonly snippet: string;
  readonly doc: string;
}

export const declarationStarts: readonly Start[] = [
  {
    word: "model",
    snippet: "model ${1:Name} {\n  input ${2:x}: [${3:4}]\n  $0\n}",
    doc: "A network: inputs, layers, outputs, losses and metrics.",
  },
  {
    word: "layer",
    snippet: "layer ${1:name}(x: [..., n]${2:}) -> [..., ${3:n}] {\n  return ${0:x}\n}",
    doc: "A layer with its shape rule.",
  },
  {
    word: "train",
    snippet: "train ${1:Name} {\n  minimize: loss with ${2:adam}(${3:1e-3})\n  epochs:   ${4:10}\n}",
    doc: "How a model is trained.",
  },
  {
    word: "metric",
    snippet:
      "metric ${1:name}(guess: [...], truth: [...]) {\n  collect ${2:error}: [...] = ${3:guess - truth}\n  return ${0:mean(error)}\n}",
    doc: "A number over a whole data set.",
  },
  {
    word: "optimizer",
    snippet:
      "optimizer ${1:name}(p: [...], g: [...], step: [], rate: schedule) -> [...] {\n  return ${0:p - rate * g}\n}",
    doc: "How a parameter moves along its gradient.",
  },
  {
    word: "schedule",
    snippet: "schedule ${1:name}(step: [], total: []${2:}) -> [] {\n  return $0\n}",
    doc: "A rate that changes from step to step.",
  },
  { word: "const", snippet: "const ${1:name} = $0", doc: "A value known when the program is compiled." },
  { word: "import", snippet: 'import { ${2:name} } from "${1:./file.nn}"', doc: "Names of another file." },
];

/** In which bodies a statement may stand. */
export interface StatementStart extends Start {
  readonly bodies: readonly string[];
}

const every = ["model", "layer", "metric", "optimizer", "schedule", "entry"];
const holding = ["model", "layer"];

export const bodyStatements: readonly StatementStart[] = [
  { word: "input", snippet: "input ${1:x}: [$2]", doc: "What a user passes, per sample.", bodies: ["model"] },
  {
    word: "target",
    snippet: "target ${1:y}: ${2:index(10)}",
    doc: "What is to be learnt, per sample.",
    bodies: ["model"],
  },
  { word: "output", snippet: "output ${1:name} = $0", doc: "What the module gives.", bodies: ["model"] },
  { word: "loss", snippet: "loss $0", doc: "What training makes small.", bodies: ["model"] },
  { word: "metric", snippet: "metric $0", doc: "A number over the whole data set.", bodies: ["model"] },
  {
    word: "share",
    snippet: "share ${1:name} = $0",
    doc: "One set of parameters, called in several places.",
    bodies: holding,
  },
  {
    word: "entry",
    snippet: "entry ${1:name}($2) -> [$3] {\n  return $0\n}",
    doc: "A further function of the module over the shared layers.",
    bodies: ["model"],
  },
  {
    word: "param",
    snippet: "param ${1:w}: [$2] = ${3:glorot_uniform()}",
    doc: "What is learnt.",
    bodies: holding,
  },
  {
    word: "state",
    snippet: "state ${1:s}: [$2] = ${3:zeros()}",
    doc: "What training steps change besides parameters.",
    bodies: [...holding, "optimizer"],
  },
  {
    word: "update",
    snippet: "update ${1:s} = $0",
    doc: "The new value of a state.",
    bodies: [...holding, "optimizer"],
  },
  {
    word: "collect",
    snippet: "collect ${1:name}: [$2] = $0",
    doc: "Gathered over a data set, or over a scan.",
    bodies: ["metric", "layer", "entry"],
  },
  {
    word: "require",
    snippet: 'require ${1:condition}, "${2:reason}"',
    doc: "What must hold of the options.",
    bodies: every,
  },
  {
    word: "return",
    snippet: "return $0",
    doc: "The result.",
    bodies: ["layer", "metric", "optimizer", "schedule", "entry"],
  },
  {
    word: "for",
    snippet: "for ${1:k} in 0..${2:3} { $0 }",
    doc: "Written out when compiled.",
    bodies: every,
  },
  { word: "if", snippet: "if ${1:training} { $0 }", doc: "Chosen when compiled.", bodies: every },
  {
    word: "scan",
    snippet: "scan ${1:t} over ${2:time} {\n  carry ${3:h}: [batch, $4] = zeros()\n  next $3 = $0\n}",
    doc: "A recurrence, differentiated through.",
    bodies: ["layer", "model", "entry"],
  },
];

export const typeNames: readonly { readonly name: string; readonly doc: string }[] = [
  { name: "int", doc: "A whole number known when the program is compiled." },
  { name: "float", doc: "A number known when the program is compiled; in an entry, at run time." },
  { name: "bool", doc: "`true` or `false`." },
  { name: "string", doc: "A text." },
  { name: "list", doc: "A list of static values." },
  { name: "schedule", doc: "A number, or a rate that changes from step to step." },
  { name: "index", doc: "`index(10)[…]`: whole numbers from 0 to 9." },
  { name: "layer", doc: "`layer([…]) -> […]`: a layer that is handed over." },
];

/** Values that are always there. */
export const languageWords: readonly { readonly name: string; readonly doc: string }[] = [
  { name: "batch", doc: "The samples of a step, or of a call: the first axis of every tensor of a model." },
  {
    name: "training",
    doc: "Whether this is a step of training; what is chosen by it is chosen when compiling.",
  },
  { name: "pi", doc: "π, 3.14159…" },
  { name: "true", doc: "" },
  { name: "false", doc: "" },
];

/** Words within a line, that take what follows them. */
export const clauseWords: Readonly<Record<string, string>> = {
  from: "Which file the names come from.",
  as: "Another name for a recipe: `train Name as quick { … }`, chosen by `--recipe quick`.",
  over: "Along which axes; of `minimize`, whose parameters move.",
  with: "The optimizer that moves them.",
  every: "Only so often: `every 50 steps`, `every 2 epochs`.",
  steps: "Counted in steps.",
  epochs: "Counted in passes over the data.",
  reversed: "From the last step to the first.",
  carry: "What a step hands on to the next, and what it begins with.",
  next: "What a carry becomes with this step.",
  else: "What stands where the condition does not hold.",
  in: "The range that is gone through.",
};
