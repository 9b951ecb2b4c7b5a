/** Owns the messages about entries, the further functions of a module: E0293 to E0297. */
import type { Span } from "../../../text/source.ts";
import { message } from "../define.ts";
import { listed } from "./listed.ts";

export const entryNameTaken = message({
  code: "E0293",
  title: "an entry called as the module calls something else",
  explanation:
    "An entry becomes a method of the module's class, which has `predict`, `fit`, `save` and others already.",
  say: (facts: { span: Span; name: string; taken: readonly string[] }) => ({
    message: `an entry cannot be called \`${facts.name}\`: the module has that name already`,
    span: facts.span,
    notes: [`taken are ${listed(facts.taken)}`],
  }),
});

export const entryReadsInput = message({
  code: "E0294",
  title: "an entry that needs what the model is given",
  explanation:
    "An entry is called without the model's inputs and targets. It sees hyper-parameters, constants and shared layers, and its own inputs.",
  say: (facts: { span: Span; entry: string; name: string; kind: string; declared: Span }) => ({
    message: `the entry \`${facts.entry}\` is computed from the ${facts.kind} \`${facts.name}\` of the model`,
    span: facts.span,
    related: [{ span: facts.declared, message: `the ${facts.kind}` }],
    help: `give the entry an input of its own: \`entry ${facts.entry}(${facts.name}: …)\``,
  }),
});

export const entryUnshared = message({
  code: "E0295",
  title: "an entry with parameters of its own",
  explanation:
    "No loss reaches what an entry computes, so its parameters would keep their initial values for ever. It calls layers that the model shares.",
  say: (facts: { span: Span; entry: string; path: string }) => ({
    message: `this call gives the entry \`${facts.entry}\` parameters that nothing trains: \`${facts.path}\``,
    span: facts.span,
    help: "`share` the layer in the model, and call what is shared",
  }),
});

export const entryResultName = message({
  code: "E0296",
  title: "one of several results of an entry without a name",
  explanation: "Callers of the module tell several results apart by name: `-> center: [n], spread: [n]`.",
  say: (facts: { span: Span; entry: string }) => ({
    message: `\`${facts.entry}\` gives several results, and this one has no name`,
    span: facts.span,
    help: "name it: `-> center: [n], spread: [n]`",
  }),
});

export const entryOptionUnfit = message({
  code: "E0297",
  title: "a tensor of an entry with a fallback",
  explanation:
    "What an entry takes for each sample, as `[8, 8]` or `index(10)`, a caller must give: nothing could stand for a sample that is not there. Numbers for all samples, as `temperature: float = 0.8`, may have a fallback.",
  say: (facts: { span: Span; name: string; found: string }) => ({
    message: `\`${facts.found}\` has a fallback, and a caller gives it for each sample`,
    span: facts.span,
    help: `leave the fallback of \`${facts.name}\` out`,
  }),
});

export const entryNumberUnfit = message({
  code: "E0314",
  title: "an input of an entry that a caller cannot give",
  explanation:
    "Entries take tensors per sample (`[8, 8]`), indices (`index(10)`), and numbers for all samples of a call: `temperature: float`, with a bound (`float > 0`) and a fallback where wanted, or `length: int <= 1000`.",
  say: (facts: { span: Span; found: string }) => ({
    message: `\`${facts.found}\` is nothing that an entry takes`,
    span: facts.span,
    help: "write a shape, `[8, 8]`, an index, `index(10)`, or a number, `float` or `float > 0`",
  }),
});

export const entryCountUnfit = message({
  code: "E0316",
  title: "a whole number of an entry without a largest value",
  explanation:
    "A whole number that a caller gives, `length: int <= 1000`, is how long something is: room is made for the largest when compiling. It is at least 1.",
  say: (facts: { span: Span; name: string; found: string }) => ({
    message: `\`${facts.found}\` does not say how large \`${facts.name}\` may be`,
    span: facts.span,
    help: `give its largest value: \`${facts.name}: int <= 1000\``,
  }),
});
