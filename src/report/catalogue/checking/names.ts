/** Owns the messages about names, files and what may stand where: E02xx. */
import type { Span } from "../../../text/source.ts";
import { message } from "../define.ts";
import { listed } from "./listed.ts";

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
  say: (facts: {
    span: Span;
    name: string;
    what: string;
    suggestion: string | null;
    /** Listed where nothing is near enough to be suggested. */
    known?: readonly string[];
  }) => ({
    message: `there is no ${facts.what} \`${facts.name}\``,
    span: facts.span,
    label: facts.suggestion === null ? "nothing here has this name" : `did you mean \`${facts.suggestion}\`?`,
    notes: facts.suggestion !== null || facts.known === undefined ? [] : [`there is ${listed(facts.known)}`],
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

export const misplaced = message({
  code: "E0223",
  title: "a statement where it may not stand",
  explanation:
    "`input`, `target`, `output`, `loss` and `metric` stand in models; `collect` in metrics and scans; `carry` and `next` in scans; `state` and `update` in layers, models and " +
    "optimizers; `param` in layers and models; `return` in everything but models and scans.",
  say: (facts: { span: Span; statement: string; body: string }) => ({
    message: `\`${facts.statement}\` may not stand in ${/^[aeo]/.test(facts.body) ? "an" : "a"} ${facts.body}`,
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

export const importCycle = message({
  code: "E0298",
  title: "files that import each other",
  explanation:
    "What a file means must not depend on itself: of two files one builds on the other. What both need belongs into a third.",
  say: (facts: { span: Span; through: readonly string[] }) => ({
    message:
      facts.through.length === 1
        ? `\`${facts.through[0]}\` imports itself`
        : `files import each other: ${facts.through.map((path) => `\`${path}\``).join(" → ")}`,
    span: facts.span,
    label: "this closes the circle",
    help:
      facts.through.length === 1
        ? "leave the import out: a file knows its own names"
        : "move what both need to a file of its own, and import it in both",
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

export const tooLarge = message({
  code: "E0230",
  title: "a network of too many parts",
  explanation:
    "Loops are written out; one that repeats hundreds of thousands of times makes no network that can be compiled.",
  say: (facts: { span: Span; limit: number }) => ({
    message: `this network takes more than ${facts.limit} calls, rounds of loops or operations`,
    span: facts.span,
    help: "write the repeated arithmetic on whole tensors, or in index notation",
  }),
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
