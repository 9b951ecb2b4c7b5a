/** Owns the texts of the compiler's stages, for `--emit`, goldens, and whoever wants to see how a network is compiled. */
import { emitWasm } from "./backends/wasm/emit.ts";
import { check } from "./check/check.ts";
import { type CompileRequest, compileStages } from "./compile.ts";
import { objectiveGradients } from "./grad/objectives.ts";
import type { GraphFunction } from "./ir/graph.ts";
import type { Network } from "./ir/network.ts";
import { printFunction } from "./ir/print.ts";
import { printKernel, printRoutine } from "./ir/print-loops.ts";
import { passes } from "./passes/index.ts";
import type { Diagnostic } from "./report/diagnostic.ts";
import { concreteTree, lex, parse } from "./syntax/parse.ts";
import { printAst, printCst, printTokens } from "./syntax/print.ts";
import { positionAt } from "./text/source.ts";

export type StageText =
  { readonly text: string } | { readonly diagnostics: readonly Diagnostic[] } | { readonly unknown: string };

const STAGES = ["tokens", "cst", "ast", "facts", "graph", "loops", "nests", "wat"] as const;

/** Functions of the network before any pass, gradients among them, by the names that `--of` takes. */
function functionsOf(network: Network): ReadonlyMap<string, GraphFunction> {
  const gradients = objectiveGradients(network).gradients.map(
    ({ objective, training, function: fn }) =>
      [`gradients.${objective}${training ? "" : ".in_use"}`, fn] as const,
  );
  const updates = network.recipe.objectives.flatMap(({ groups }) =>
    groups.flatMap(({ optimizer, functions }) => functions.map((fn) => [`update.${optimizer}`, fn] as const)),
  );
  const metrics = network.metrics.map(({ name, finish }) => [`metric.${name}`, finish] as const);
  return new Map([
    ["predict", network.predict],
    ["evaluate", network.evaluate],
    ["train", network.train],
    ...network.entries.map((entry) => [entry.name, entry.function] as const),
    ...gradients,
    ...updates,
    ...metrics,
  ]);
}

/** `step` is what a training step runs: the gradients of the first objective, then its optimizer. */
function isWanted(name: string, of: string | null): boolean {
  if (of === null) return true;
  if (of === "step") return /^(gradients|update)/.test(name) && !name.endsWith("in_use");
  return name === of || name === `entry_${of}` || name.startsWith(`${of}.`) || name.startsWith(`${of}_`);
}

function printFunctions(
  network: Network,
  of: string | null,
  rewrite: (fn: GraphFunction) => GraphFunction,
): string {
  const wanted = [...functionsOf(network)].filter(([name]) => isWanted(name, of));
  return wanted.map(([name, fn]) => printFunction({ ...rewrite(fn), name })).join("\n\n");
}

/** All passes up to the named one, in order. */
function upTo(name: string): (fn: GraphFunction) => GraphFunction {
  const last = passes.findIndex((pass) => pass.name === name);
  return (fn) => passes.slice(0, last + 1).reduce((rewritten, pass) => pass.run(rewritten), fn);
}

/** What `--of` can name, where it names nothing. */
function unknownFunction(of: string | null, names: readonly string[]): StageText | null {
  if (of === null || names.some((name) => isWanted(name, of))) return null;
  return { unknown: `there is no function \`${of}\`; there are step, ${names.join(", ")}` };
}

export function emitStage(request: CompileRequest, stage: string, of: string | null): StageText {
  const source = request.sources.get(request.entry);
  const pass = /^after:(.+)$/.exec(stage)?.[1];
  const known =
    pass === undefined ? STAGES.some((name) => name === stage) : passes.some(({ name }) => name === pass);
  if (!known || source === undefined) {
    const names = [...STAGES, ...passes.map(({ name }) => `after:${name}`)];
    return { unknown: `there is no stage \`${stage}\`; there are ${names.join(", ")}` };
  }
  if (stage === "tokens") return { text: printTokens(lex(source)) };
  if (stage === "cst") return { text: printCst(concreteTree(source), source) };
  if (stage === "ast") {
    const { file, diagnostics } = parse(source);
    return diagnostics.length > 0 ? { diagnostics } : { text: printAst(file) };
  }
  const { model, recipe, set } = request;
  const checked = check(request.entry, request.sources, {
    ...(model === undefined ? {} : { model }),
    ...(recipe === undefined ? {} : { recipe }),
    ...(set === undefined ? {} : { set }),
  });
  if (checked.network === null) return { diagnostics: checked.diagnostics };
  if (stage === "facts") {
    const lines = checked.facts.map(({ span, kind, text }) => {
      const { line, column } = positionAt(span.source, span.start);
      return `${span.source.name}:${line}:${column} ${kind} ${text}`;
    });
    return { text: lines.join("\n") };
  }
  if (stage === "graph" || pass !== undefined) {
    const unknown = unknownFunction(of, [...functionsOf(checked.network).keys()]);
    if (unknown !== null) return unknown;
  }
  if (stage === "graph") return { text: printFunctions(checked.network, of, (fn) => fn) };
  if (pass !== undefined) return { text: printFunctions(checked.network, of, upTo(pass)) };
  const { lowered, diagnostics } = compileStages(request);
  if (lowered === null) return { diagnostics };
  if (stage === "wat") return { text: emitWasm(lowered).wat };
  const unknown = unknownFunction(
    of,
    lowered.routines.map(({ name }) => name),
  );
  if (unknown !== null) return unknown;
  const routines = lowered.routines.filter(({ name }) => isWanted(name, of));
  if (stage === "loops") {
    const texts = routines.map(({ name, sections }) => {
      const lines = sections.map(({ title, text }) => `  // ${title}\n  ${text}`);
      return `routine ${name} {\n${lines.join("\n")}\n}`;
    });
    return { text: texts.join("\n\n") };
  }
  const called = new Set(
    routines.flatMap(({ sections }) =>
      sections.flatMap(({ body }) => body.flatMap((each) => (each.kind === "call" ? [each.kernel] : []))),
    ),
  );
  const kernels = lowered.kernels.filter((kernel) => called.has(kernel));
  return { text: [...kernels.map(printKernel), ...routines.map(printRoutine)].join("\n\n") };
}
