/** Owns the warnings: what runs, and is hardly meant. W04xx. */
import type { Span } from "../../../text/source.ts";
import { message } from "../define.ts";
import { listed } from "./listed.ts";

/** How a line says that it is meant. */
const allowed = "A line that means it says so, with a reason: `// allow CODE: reason`.";

export const probabilitiesNotScores = message({
  code: "W0401",
  severity: "warning",
  title: "probabilities where a loss takes scores",
  explanation:
    "Losses as `cross_entropy` and `binary_cross_entropy` take scores and make probabilities of them in a way that does not overflow. " +
    `Given probabilities, they would do it twice, and learn slowly. ${allowed}`,
  say: (facts: { span: Span; loss: string; made: string }) => ({
    message: `\`${facts.loss}\` takes scores, and these are probabilities already`,
    span: facts.span,
    label: `made by \`${facts.made}\``,
    help: `give it what goes into \`${facts.made}\``,
  }),
});

export const unusedPort = message({
  code: "W0402",
  severity: "warning",
  title: "an input or target that nothing reads",
  explanation: `Callers must pass every input, and data must hold every target. One that no output, loss or metric is computed from is asked for in vain, and often a sign that a line reads another name. ${allowed}`,
  say: (facts: { span: Span; kind: "input" | "target"; name: string }) => ({
    message: `nothing is computed from the ${facts.kind} \`${facts.name}\``,
    span: facts.span,
    help:
      facts.kind === "target"
        ? "read it in a `loss` or `metric`, or leave it out"
        : "read it, or leave it out",
  }),
});

export const unreachedParameters = message({
  code: "W0403",
  severity: "warning",
  title: "parameters that no loss reaches",
  explanation: `No gradient of any loss comes to these parameters, so they keep their initial values: their result is not used, or a \`stop_gradient\`, an \`argmax\` or a comparison stands between. ${allowed}`,
  say: (facts: { span: Span; names: readonly string[] }) => ({
    message: `no loss reaches ${listed(facts.names)}`,
    span: facts.span,
    label: facts.names.length === 1 ? "it keeps its initial value" : "they keep their initial values",
  }),
});

export const lossWithoutParameters = message({
  code: "W0404",
  severity: "warning",
  title: "a loss from which nothing can be learned",
  explanation: `No gradient of this loss reaches any parameter: training cannot make it smaller. ${allowed}`,
  say: (facts: { span: Span; loss: string }) => ({
    message: `the loss \`${facts.loss}\` does not depend on any parameter`,
    span: facts.span,
    help: "measure it with a `metric`, if it is only to be seen",
  }),
});

export const softmaxOfOne = message({
  code: "W0405",
  severity: "warning",
  title: "a softmax over an axis of size 1",
  explanation: `The softmax of one number is 1, whatever the number, and its gradient 0. For one score of yes or no there are \`sigmoid\` and \`binary_cross_entropy\`. ${allowed}`,
  say: (facts: { span: Span; name: string }) => ({
    message: `\`${facts.name}\` over an axis of size 1 gives the same for every number`,
    span: facts.span,
    help: "of one score `sigmoid` makes a probability, and `binary_cross_entropy` a loss",
  }),
});

export const statisticsOfOne = message({
  code: "W0406",
  severity: "warning",
  title: "statistics over a batch of one",
  explanation: `A sample alone is its own mean, and its variance is 0: what is left after normalizing is 0. ${allowed}`,
  say: (facts: { span: Span; batch: Span }) => ({
    message: "this normalizes over the samples of a batch, and a batch holds one",
    span: facts.span,
    related: [{ span: facts.batch, message: "batches of one" }],
    help: "take larger batches, or `layer_norm`, which looks at each sample alone",
  }),
});

export const allowedWithoutReason = message({
  code: "W0407",
  severity: "warning",
  title: "a warning silenced without a reason",
  explanation:
    "Whoever reads the line next should know why it is meant: `// allow W0402: kept for old callers`.",
  say: (facts: { span: Span; code: string }) => ({
    message: `${facts.code} is allowed here, and not said why`,
    span: facts.span,
    help: `write \`// allow ${facts.code}: reason\``,
  }),
});
