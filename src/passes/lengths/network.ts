/** Owns a network without varying lengths: its functions with fixed extents, and ports that say how long each sample is. */
import { variablesOver } from "../../ir/build.ts";
import { type DeclaredSymbol, type Dimension, declaredSymbols, symbolic } from "../../ir/dimension.ts";
import type { ArgumentRole, GraphFunction, Value } from "../../ir/graph.ts";
import { variableIndex } from "../../ir/indices.ts";
import type { Entry, Metric, Network, OutputPort, Port } from "../../ir/network.ts";
import { lengthName } from "../../ir/samples.ts";
import { readAt } from "../../ir/scalars.ts";
import type { TensorType } from "../../ir/type.ts";
import { GraphBuilder, makeNode } from "../../ir/build.ts";
import { simplify } from "../simplify.ts";
import { withFixedExtents } from "./index.ts";

/** The lengths of some ports, in order. */
function lengthsOf(ports: readonly Port[]): readonly DeclaredSymbol[] {
  const all = ports.flatMap(({ type }) => type.shape.flatMap(declaredSymbols));
  return [...new Set(all.filter(({ kind }) => kind === "length"))];
}

/** The port by which a caller says how long each sample is along a length. */
function lengthPort(symbol: DeclaredSymbol, batch: Dimension, { span }: Pick<Port, "span">): Port {
  const { minimum } = symbol;
  const maximum = symbol.maximum!;
  const type: TensorType = { element: { kind: "index", size: maximum + 1 }, shape: [batch] };
  return { name: lengthName(symbol), doc: null, type, span, length: { minimum, maximum } };
}

type Named = ReadonlyMap<string, ArgumentRole>;

/** With the roles of the ports that hold the lengths; `outputOf` names the output that tells one that numbers decide. */
function fixed(
  fn: GraphFunction,
  roles: Named,
  outputOf: ((name: string) => string) | null = null,
): GraphFunction {
  const { arguments: given, results, ...rest } = withFixedExtents(fn);
  return {
    ...rest,
    results: results.flatMap(({ role, value }): GraphFunction["results"] => {
      if (role.kind !== "length") return [{ role, value }];
      return outputOf === null ? [] : [{ role: { kind: "output", name: outputOf(role.name) }, value }];
    }),
    arguments: given.map(({ role, value }) => ({
      role: role.kind === "length" ? roles.get(role.name)! : role,
      value,
    })),
  };
}

/** The outputs that tell lengths which numbers decide: those of a function that its own do not name. */
function decidedOutputs(
  { results }: GraphFunction,
  outputs: readonly OutputPort[],
  ownName: (name: string) => string,
): readonly OutputPort[] {
  const named = new Set(outputs.map(({ name }) => name));
  return results.flatMap(({ role, value }): readonly OutputPort[] => {
    if (role.kind !== "output" || named.has(ownName(role.name))) return [];
    return [{ name: ownName(role.name), doc: null, type: value.type, length: true }];
  });
}

/** A length among what a metric collects. */
function collected(name: string): ArgumentRole {
  return { kind: "collected", name };
}

/** A metric that also collects the lengths it asks for. */
function fixedMetric(metric: Metric, batch: Dimension): Metric {
  const finish = withFixedExtents(metric.finish);
  const asked = finish.arguments.flatMap(({ role, value }) =>
    role.kind === "length" ? [{ name: role.name, type: { ...value.type, shape: [batch] } }] : [],
  );
  if (finish === metric.finish) return metric;
  const roles = new Map(asked.map(({ name }) => [name, collected(name)]));
  return {
    ...metric,
    collects: [...metric.collects, ...asked],
    finish: simplify(fixed(metric.finish, roles)),
  };
}

/** Hands on the lengths that metrics ask for. */
function withCollectedLengths(
  evaluate: GraphFunction,
  metrics: readonly Metric[],
  roles: Named,
): GraphFunction {
  const wanted = metrics.flatMap(({ name: metric, collects }) =>
    collects.filter(({ name }) => roles.has(name)).map((collect) => ({ metric, ...collect })),
  );
  if (wanted.length === 0) return evaluate;
  const ids = GraphBuilder.after(evaluate);
  const given = [...evaluate.arguments];
  const valueOf = (name: string, type: TensorType): Value => {
    const role = roles.get(name)!;
    const known = given.find(
      (one) => one.role.kind === role.kind && "name" in one.role && one.role.name === name,
    );
    if (known !== undefined) return known.value;
    const value = ids.value(type, name);
    given.push({ role, value });
    return value;
  };
  const frame = evaluate.nodes[0]!.frame;
  const nodes = [...evaluate.nodes];
  const results = wanted.map(({ metric, name, type }) => {
    const domain = variablesOver(type.shape);
    const value = ids.value(type);
    const comprehension = {
      domain,
      target: domain.map(variableIndex),
      reducer: null,
      body: readAt(0, domain),
    };
    nodes.push(makeNode({ operation: "copy", operands: [valueOf(name, type)], comprehension, frame }, value));
    return { role: { kind: "collect" as const, metric, name }, value };
  });
  return { ...evaluate, arguments: given, nodes, results: [...evaluate.results, ...results] };
}

function fixedEntry(entry: Entry, batch: Dimension): Entry {
  const ofInputs = lengthsOf(entry.inputs).map((symbol) => lengthPort(symbol, batch, entry.inputs[0]!));
  const ofNumbers = entry.numbers.flatMap((number) =>
    number.length === null ? [] : [lengthPort(number.length, batch, number)],
  );
  const ports = [...ofInputs, ...ofNumbers];
  // What a step carries may vary where nothing that a caller gives does.
  if (ports.length === 0 && withFixedExtents(entry.function) === entry.function) return entry;
  const roles = new Map(
    ports.map(({ name }): [string, ArgumentRole] => [name, { kind: "input", name: `${entry.name}.${name}` }]),
  );
  const prefix = `${entry.name}.`;
  const fn = simplify(fixed(entry.function, roles, (name) => `${prefix}${name}`));
  const decided = decidedOutputs(fn, entry.outputs, (name) => name.slice(prefix.length));
  return {
    ...entry,
    inputs: [...entry.inputs, ...ports],
    outputs: [...entry.outputs, ...decided],
    function: fn,
  };
}

/** The network, and how functions made of it, its gradients, come to fixed extents and their simplest form. */
export interface FixedNetwork {
  readonly network: Network;
  readonly finished: (fn: GraphFunction) => GraphFunction;
}

export function networkWithFixedExtents(network: Network): FixedNetwork {
  const batch = symbolic(network.batch);
  const ofInputs = lengthsOf(network.inputs);
  const ofTargets = lengthsOf(network.targets).filter((symbol) => !ofInputs.includes(symbol));
  const entries = network.entries.map((entry) => fixedEntry(entry, batch));
  const decides = [network.predict, network.evaluate, network.train].some(
    (fn) => withFixedExtents(fn) !== fn,
  );
  if (ofInputs.length + ofTargets.length === 0 && !decides)
    return { network: { ...network, entries }, finished: simplify };
  const inputs = ofInputs.map((symbol) => lengthPort(symbol, batch, network.inputs[0]!));
  const targets = ofTargets.map((symbol) => lengthPort(symbol, batch, network.targets[0]!));
  const roles = new Map([
    ...inputs.map(({ name }): [string, ArgumentRole] => [name, { kind: "input", name }]),
    ...targets.map(({ name }): [string, ArgumentRole] => [name, { kind: "target", name }]),
  ]);
  const fix = (fn: GraphFunction): GraphFunction => simplify(fixed(fn, roles));
  const metrics = network.metrics.map((metric) => fixedMetric(metric, batch));
  const predict = simplify(fixed(network.predict, roles, (name) => name));
  const decided = decidedOutputs(predict, network.outputs, (name) => name);
  return {
    network: {
      ...network,
      inputs: [...network.inputs, ...inputs],
      targets: [...network.targets, ...targets],
      outputs: [...network.outputs, ...decided],
      predict,
      evaluate: withCollectedLengths(fix(network.evaluate), metrics, roles),
      train: fix(network.train),
      entries,
      metrics,
    },
    finished: (fn) => fix(simplify(fn)),
  };
}
