/**
 * Owns the end of varying lengths: a function whose tensors have them becomes one of fixed extents that is given the
 * lengths, one a sample. Each sample's numbers are those of the function at its own length, whatever stands beside it.
 */
import { GraphBuilder, makeNode } from "../../ir/build.ts";
import {
  type DeclaredSymbol,
  type Dimension,
  countsSamples,
  declaredSymbols,
  symbolic,
  variesBySample,
} from "../../ir/dimension.ts";
import { lengthName } from "../../ir/samples.ts";
import { type Frame, nowhere } from "../../ir/frame.ts";
import type { GraphFunction, IndexNode, Node, ScanNode, Value } from "../../ir/graph.ts";
import { variablesOver, valuesMade } from "../../ir/build.ts";
import { variableIndex } from "../../ir/indices.ts";
import { lengthsSpokenOf, sampleAxis, sampleVariables, varyingVariables } from "../../ir/samples.ts";
import { apply, constant, read, readAt, select } from "../../ir/scalars.ts";
import { pass } from "../pass.ts";
import { carriedLength } from "../../ir/decided.ts";

import { decidedBy } from "./carried.ts";
import { Lengths, paddedDimension } from "./lengths.ts";
import { needsSample, padNode, type Padding } from "./node.ts";

export const lengths = pass({
  name: "lengths",
  doc: "Domains end where the sample ends: varying lengths become extents at their limit, and guards.",
  on: "graph",
  run: withFixedExtents,
});

export function withFixedExtents(fn: GraphFunction): GraphFunction {
  if (!speaksOfLengths(fn)) return fn;
  return new FunctionPadding(fn).made();
}

function speaksOfLengths(fn: GraphFunction): boolean {
  const varies = ({ type }: Value): boolean => type.shape.some(variesBySample);
  const speaks = (node: Node): boolean =>
    node.kind === "scan"
      ? variesBySample(node.steps) || node.nodes.some(speaks)
      : varyingVariables(node.comprehension).length > 0 || lengthsSpokenOf(node.comprehension).length > 0;
  return (
    [...fn.arguments.map(({ value }) => value), ...valuesMade(fn.nodes)].some(varies) || fn.nodes.some(speaks)
  );
}

/** The dimension that counts samples: of a batch, or of a data set. */
function samplesOf(fn: GraphFunction): Dimension {
  const values = [...fn.arguments.map(({ value }) => value), ...valuesMade(fn.nodes)];
  const found = values.flatMap(({ type }) => type.shape).find(countsSamples);
  const symbol = found?.terms.find(
    (term) => term.symbol.kind === "batch" || term.symbol.kind === "samples",
  )?.symbol;
  if (symbol === undefined) throw new Error(`${fn.name} has lengths and no samples`);
  return symbolic(symbol);
}

class FunctionPadding implements Padding {
  readonly samples: Dimension;
  readonly lengths: Lengths;
  readonly lifted = new Set<Value>();
  /** What follows from constants and lengths alone. */
  readonly #constant = new Set<Value>();
  readonly #fn: GraphFunction;
  readonly #ids: GraphBuilder;
  readonly #prelude: GraphBuilder;
  /** Takes the nodes of the function or of the step that is being rewritten. */
  #nodes: Node[] = [];
  readonly #known = new Map<Value, Value>();
  readonly #masked = new Map<Value, Value>();
  readonly #frame: Frame;
  /** By which value a length is decided. */
  readonly #carriers = new Map<DeclaredSymbol, Value>();

  constructor(fn: GraphFunction) {
    this.#fn = fn;
    this.samples = samplesOf(fn);
    this.#ids = GraphBuilder.after(fn);
    this.#prelude = this.#ids.inside();
    this.#frame = fn.nodes[0]?.frame ?? nowhere;
    this.lengths = new Lengths(this.samples, this.#prelude, this.#frame);
  }

  made(): GraphFunction {
    const { name, nodes, results } = this.#fn;
    const given = this.#fn.arguments.map(({ role, value }) => ({ role, value: this.now(value) }));
    this.#rewrite(nodes);
    const rewritten = this.#nodes;
    const asked = this.lengths.arguments;
    const lengthArguments = asked
      .filter(({ symbol }) => !this.#carriers.has(symbol))
      .map(({ symbol, value }) => ({ role: { kind: "length" as const, name: lengthName(symbol) }, value }));
    const whole = asked.reduce<readonly Node[]>(
      (all, { symbol, value }) => {
        const by = this.#carriers.get(symbol);
        return by === undefined ? all : decidedBy(all, value, by);
      },
      [...this.#prelude.nodes, ...rewritten],
    );
    const spoken = new Set(results.flatMap(({ value }) => value.type.shape.flatMap(declaredSymbols)));
    const told = [...this.#carriers]
      .filter(([symbol]) => spoken.has(symbol))
      .map(([symbol, value]) => ({ role: { kind: "length" as const, name: lengthName(symbol) }, value }));
    return {
      name,
      arguments: [...given, ...lengthArguments],
      nodes: whole,
      results: [...results.map(({ role, value }) => ({ role, value: this.now(value) })), ...told],
    };
  }

  now(value: Value): Value {
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    const { element, shape } = value.type;
    const lifted = this.lifted.has(value);
    const same = !lifted && !shape.some(variesBySample);
    const padded = [...(lifted ? [this.samples] : []), ...shape.map(paddedDimension)];
    const fresh = same ? value : { ...value, type: { element, shape: padded } };
    this.#known.set(value, fresh);
    return fresh;
  }

  masked(value: Value): Value {
    const known = this.#masked.get(value);
    if (known !== undefined) return known;
    const whole = this.now(value);
    const domain = variablesOver(whole.type.shape);
    const sample = domain[sampleAxis(value.type)]!;
    const operands: Value[] = [whole];
    const body = value.type.shape.reduceRight(
      (inner, extent, axis) => {
        if (!variesBySample(extent)) return inner;
        operands.push(this.lengths.of(extent));
        const length = read(operands.length - 1, [variableIndex(sample)]);
        const here = { kind: "index", of: variableIndex(domain[axis]!) } as const;
        return select(apply("less", here, length), inner, constant(0));
      },
      readAt(0, domain),
    );
    const comprehension = { domain, target: domain.map(variableIndex), reducer: null, body };
    const result = this.#ids.value(whole.type);
    this.#nodes.push(makeNode({ operation: "index", operands, comprehension, frame: this.#frame }, result));
    this.#masked.set(value, result);
    return result;
  }

  #rewrite(nodes: readonly Node[]): void {
    for (const node of nodes) {
      if (node.kind === "scan") this.#nodes.push(this.#scan(node));
      else this.#nodes.push(this.#index(node));
    }
  }

  #index(node: IndexNode): IndexNode {
    const carried = carriedLength(node);
    if (carried !== null) this.#carriers.set(carried.symbol, this.now(carried.by));
    const constant = node.operands.every((operand) => this.#constant.has(operand));
    if (constant) this.#constant.add(node.result);
    const lifts =
      constant && sampleVariables(node.comprehension).length === 0 && needsSample(node, this.lifted);
    if (lifts) this.lifted.add(node.result);
    const { operands, comprehension } = padNode(node, this, lifts);
    return makeNode({ ...node, operands, comprehension }, this.now(node.result));
  }

  #scan(scan: ScanNode): ScanNode {
    const around = this.#nodes;
    const maskedAround = new Map(this.#masked);
    this.#nodes = [];
    const sequences = scan.sequences.map(({ outer, axis, inner }) => {
      if (this.lifted.has(outer)) this.lifted.add(inner);
      return {
        outer: this.now(outer),
        axis: axis + (this.lifted.has(outer) ? 1 : 0),
        inner: this.now(inner),
      };
    });
    const varies = variesBySample(scan.steps);
    const steps = paddedDimension(scan.steps);
    const place =
      scan.place ??
      (varies ? this.#ids.value({ element: { kind: "index", size: steps.constant }, shape: [] }) : null);
    this.#rewrite(scan.nodes);
    const carries = scan.carries.map(({ initial, inner, next, last }) => ({
      initial: this.now(initial),
      inner: this.now(inner),
      next: varies ? this.#held(scan, place!, inner, next) : this.now(next),
      last: this.now(last),
    }));
    const collects = scan.collects.map(({ inner, axis, result }) => {
      if (this.lifted.has(inner)) this.lifted.add(result);
      return {
        inner: this.now(inner),
        axis: axis + (this.lifted.has(inner) ? 1 : 0),
        result: this.now(result),
      };
    });
    const nodes = this.#nodes;
    this.#nodes = around;
    // What was made within the step is not seen outside.
    this.#masked.clear();
    for (const [value, masked] of maskedAround) this.#masked.set(value, masked);
    const own = varies ? this.lengths.of(scan.steps) : scan.lengths && this.now(scan.lengths);
    return {
      ...scan,
      ...(own === undefined ? {} : { lengths: own }),
      steps,
      sequences,
      place: place === null ? null : this.now(place),
      carries,
      nodes,
      collects,
    };
  }

  /** `if (t < length[b]) next[b, …] else carried[b, …]`: beyond its length a sample keeps what it has. */
  #held(scan: ScanNode, place: Value, inner: Value, next: Value): Value {
    const now = this.now(inner);
    const domain = variablesOver(now.type.shape);
    const sample = domain[sampleAxis(inner.type)];
    if (sample === undefined)
      throw new Error(`%${inner.id} is carried along lengths and belongs to no sample`);
    const length = this.lengths.of(scan.steps);
    const runs = apply("less", read(2, []), read(3, [variableIndex(sample)]));
    const body = select(runs, readAt(0, domain), readAt(1, domain));
    const result = this.#ids.value(now.type, next.name);
    const comprehension = { domain, target: domain.map(variableIndex), reducer: null, body };
    const operands = [this.now(next), now, this.now(place), length];
    this.#nodes.push(makeNode({ operation: "index", operands, comprehension, frame: scan.frame }, result));
    return result;
  }
}
