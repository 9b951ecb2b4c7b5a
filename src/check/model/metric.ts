/** Owns metrics: what `evaluate` collects of each batch, and the function that makes a number of a whole data set. */
import type { DimensionSymbol } from "../../ir/dimension.ts";

import type { Value } from "../../ir/graph.ts";
import type { Metric } from "../../ir/network.ts";
import { type TensorType, printType } from "../../ir/type.ts";
import { metricNotNumber, metricSeesNothing, resultUnfit } from "../../report/catalogue/check.ts";
import type { Definition, Held as HeldStatement, Loss } from "../../syntax/ast.ts";
import { printShape } from "../../ir/type.ts";
import { sameShape } from "../../ir/type.ts";
import {
  type Duties,
  type Elaboration,
  type Scope,
  bind,
  complain,
  noDuties,
  pathOf,
} from "../elaborate/elaboration.ts";
import { evaluate } from "../elaborate/expression.ts";
import { addArgument, cutFunction, emptyGraph } from "../elaborate/graph-builder.ts";
import { openDefinition } from "../elaborate/layer.ts";
import { type Given, tensor, unknown } from "../statics/meaning.ts";
import { applyFitting, tensorDue } from "../elaborate/operations.ts";
import type { FileScope } from "../program.ts";
import { explain } from "../shapes/provenance.ts";
import { evaluateShape } from "../shapes/shape.ts";
import { runBlock } from "../elaborate/statement.ts";

/** A metric with the tensors of this elaboration that it collects. */
export interface MetricLine {
  readonly metric: Metric;
  readonly collected: readonly { readonly name: string; readonly value: Value }[];
}

/** Runs a metric's definition twice: once to collect, once over what was collected. */
export function runMetric(
  elaboration: Elaboration,
  scope: Scope,
  callee: { readonly definition: Definition; readonly home: FileScope },
  given: readonly Given[],
  label: string,
  line: Loss,
): MetricLine | null {
  const { definition } = callee;
  const site = {
    span: line.value.span,
    name: definition.name.text,
    path: pathOf(scope, label),
    sharing: null,
  };
  const collected: { name: string; value: Value }[] = [];
  const collecting: Duties = {
    ...noDuties,
    returns: true,
    collect: (statement, body) => {
      const value = collect(elaboration, body, statement);
      if (value !== null) collected.push({ name: statement.name.text, value });
      // Afterwards the name means what was collected over the data set, which does not exist yet.
      bind(elaboration, body, statement.name.text, unknown, statement.name.span);
    },
  };
  const errors = elaboration.diagnostics.length;
  const opened = openDefinition(elaboration, scope, callee, given, site, collecting);
  if (opened === null) return null;
  const better = opened.bindings.get("better")?.meaning;
  runBlock(elaboration, opened, definition.body);
  if (elaboration.diagnostics.length > errors) return null;

  const samples: DimensionSymbol = { kind: "samples", name: "samples", minimum: 1, maximum: null };
  const finishing: Elaboration = { ...elaboration, graph: emptyGraph(), tables: null, training: false };
  const bindings = new Map(opened.bindings);
  for (const [name, bound] of bindings)
    if (bound.meaning.kind === "tensor") bindings.set(name, { ...bound, meaning: unknown });
  const finish: Scope = {
    ...opened,
    bindings,
    duties: {
      ...noDuties,
      returns: true,
      collect: (statement, body) => {
        const found = collected.find(({ name }) => name === statement.name.text);
        if (found === undefined) return;
        const value = addArgument(
          finishing.graph,
          { kind: "collected", name: found.name },
          overSamples(elaboration, found.value.type, samples),
          found.name,
        );
        bind(finishing, body, statement.name.text, tensor(value), statement.name.span);
      },
    },
  };
  const returned = runBlock(finishing, finish, definition.body);
  const value = returned === null ? null : tensorDue(finishing, finish, returned, definition.name.span);
  if (value === null) {
    if (elaboration.diagnostics.length === errors)
      complain(
        elaboration,
        scope,
        metricSeesNothing.build({
          span: line.span,
          metric: definition.name.text,
          declared: definition.name.span,
        }),
      );
    return null;
  }
  if (value.type.shape.length > 0) {
    complain(
      elaboration,
      scope,
      metricNotNumber.build({ span: line.span, metric: definition.name.text, found: printType(value.type) }),
    );
    return null;
  }
  return finished(
    finishing,
    line,
    collected,
    value,
    samples,
    better?.kind === "word" && better.text === "less" ? "less" : "more",
  );
}

/** The mean of an expression over all samples; of a loss less is better. */
export function meanMetric(
  elaboration: Elaboration,
  scope: Scope,
  value: Value,
  line: Loss,
): MetricLine | null {
  const samples: DimensionSymbol = { kind: "samples", name: "samples", minimum: 1, maximum: null };
  const finishing: Elaboration = { ...elaboration, graph: emptyGraph(), tables: null, training: false };
  const type = overSamples(elaboration, value.type, samples);
  const argument = addArgument(finishing.graph, { kind: "collected", name: "value" }, type, "value");
  const mean = applyFitting(finishing, scope, "mean", [argument], { over: null, keep: false }, line.span);
  return mean === null ? null : finished(finishing, line, [{ name: "value", value }], mean, samples, "less");
}

function finished(
  finishing: Elaboration,
  line: Loss,
  collected: MetricLine["collected"],
  value: Value,
  samples: DimensionSymbol,
  better: "more" | "less",
): MetricLine {
  const name = line.name.text;
  const role = { kind: "metric", name } as const;
  const finish = cutFunction(finishing.graph, `${name}_finish`, [{ role, value }], () => true);
  const collects = collected.map((part) => ({ name: part.name, type: part.value.type }));
  return { metric: { name, doc: line.doc, better, collects, finish, samples }, collected };
}

/** The value of a `collect` line, of the shape it declares. */
function collect(elaboration: Elaboration, scope: Scope, statement: HeldStatement): Value | null {
  const meaning = evaluate(elaboration, scope, statement.value);
  const value = tensorDue(elaboration, scope, meaning, statement.value.span);
  const due = statement.type.kind === "shape" ? evaluateShape(elaboration, scope, statement.type) : null;
  if (value === null || due === null) return value;
  if (!sameShape(value.type.shape, due)) {
    complain(
      elaboration,
      scope,
      resultUnfit.build({
        span: statement.type.span,
        name: statement.name.text,
        promised: printShape(due),
        returned: printType(value.type),
        related: due.flatMap(explain).slice(0, 2),
      }),
    );
    return null;
  }
  return value;
}

/** The same type with the samples of a data set where those of a batch were. */
function overSamples(elaboration: Elaboration, type: TensorType, samples: DimensionSymbol): TensorType {
  return {
    ...type,
    shape: type.shape.map((dimension) =>
      dimension.terms.some(({ symbol }) => symbol === elaboration.batch)
        ? {
            constant: dimension.constant,
            terms: dimension.terms.map((term) =>
              term.symbol === elaboration.batch ? { ...term, symbol: samples } : term,
            ),
          }
        : dimension,
    ),
  };
}
