/**
 * Owns the proof that a text which grows at its end need not be read again, and the nodes of one step that reads its last
 * symbol alone: of each value along the text its place at the end, of keys and values what was kept before.
 */
import { type GraphBuilder, makeNode, variablesOver } from "../../ir/build.ts";
import {
  type Comprehension,
  type IndexExpression,
  type IndexVariable,
  isGather,
  reducedVariables,
  type Scalar,
} from "../../ir/comprehension.ts";
import {
  type Dimension,
  countsSamples,
  declaredSymbols,
  literal,
  sameDimension,
  symbolic,
} from "../../ir/dimension.ts";
import type { Frame } from "../../ir/frame.ts";
import { insideOf, type IndexNode, type Node, operandsOf, resultsOf, type Value } from "../../ir/graph.ts";
import {
  constantIndex,
  dimensionIndex,
  quotientIndex,
  readIndex,
  remainderIndex,
  sameIndex,
  scaleIndex,
  sumIndex,
  variableIndex,
} from "../../ir/indices.ts";
import { partsOfScalar } from "../../ir/rewrite.ts";
import { lengthsSpokenOf, sampleAxis } from "../../ir/samples.ts";
import { apply, indexScalar, read, readAt, select } from "../../ir/scalars.ts";
import type { TensorType } from "../../ir/type.ts";
import { behindIn, isUnnoticed, placeOf } from "./future.ts";
import { Rereads, type Text } from "./text.ts";

/** What is kept of a value along the text: as wide as the window, a place more with each step. */
export interface Kept {
  readonly of: Value;
  readonly axis: number;
  readonly inner: Value;
  readonly next: Value;
}

/** The place at the end of a value along the text; `lifted` has samples in front, since each is at a place of its own. */
interface End {
  readonly value: Value;
  readonly lifted: boolean;
}

/** A node on its way into a step. */
interface Step {
  readonly node: IndexNode;
  /** The variable along the text whose last place is meant. */
  readonly query: IndexVariable | null;
  /** The variable over samples. */
  readonly own: IndexVariable | null;
  /** What the new node reads; the place of the step first, where there is a query. */
  readonly used: Value[];
  readonly isHere: (index: IndexExpression) => boolean;
}

export class Reading {
  readonly text: Text;
  readonly nodes: Node[] = [];
  readonly kept: Kept[] = [];
  readonly #builder: GraphBuilder;
  readonly #producers: ReadonlyMap<Value, IndexNode>;
  readonly #outer: ReadonlyMap<Value, IndexNode>;
  readonly #inside: ReadonlySet<Value>;
  readonly #ofText = new Set<Value>();
  readonly #ends = new Map<Value, Map<number, End>>();
  readonly #emitted = new Set<Node>();
  readonly #samples: Dimension;
  readonly #place: Value;

  constructor(text: Text, outer: readonly Node[], builder: GraphBuilder) {
    this.text = text;
    this.#builder = builder;
    const index = (nodes: readonly Node[]): ReadonlyMap<Value, IndexNode> =>
      new Map(nodes.flatMap((node) => (node.kind === "index" ? [[node.result, node] as const] : [])));
    this.#producers = index(text.scan.nodes);
    this.#outer = index(outer);
    this.#inside = new Set([...insideOf(text.scan), ...text.scan.nodes.flatMap(resultsOf)]);
    this.#samples = text.row.type.shape[0]!;
    this.#ofText.add(text.node.result);
    for (const node of text.scan.nodes)
      if (operandsOf(node).some((operand) => this.#ofText.has(operand)))
        for (const value of resultsOf(node)) this.#ofText.add(value);
    this.#keep(text.node);
    this.#place = this.#lastPlace();
  }

  /** `place[b] = filled[b] - 1` */
  #lastPlace(): Value {
    const { filled, window, node } = this.text;
    const domain = [{ name: "b", extent: this.#samples }];
    const at = domain.map(variableIndex);
    const end = sumIndex(readIndex(0, at), constantIndex(-1));
    const body = indexScalar(remainderIndex(end, window));
    const type = { element: { kind: "index", size: window }, shape: [this.#samples] } as const;
    return this.#add(
      "continue",
      [filled],
      type,
      { domain, target: at, reducer: null, body },
      node.frame,
      "place",
    );
  }

  #add(
    operation: string,
    operands: readonly Value[],
    type: TensorType,
    comprehension: Comprehension,
    frame: Frame,
    name: string | null = null,
  ): Value {
    const result = this.#builder.value(type, name);
    this.nodes.push(makeNode({ operation, operands, comprehension, frame }, result));
    return result;
  }

  /** Whether a value is made of the text. */
  isOfText(value: Value): boolean {
    return this.#ofText.has(value);
  }

  /** Whether a node takes of values along the text their last place, as `x[:, -1]`. */
  isLatest({ comprehension, operands }: IndexNode): boolean {
    if (comprehension.domain.some(({ extent }) => this.#speaks(extent))) return false;
    const end = dimensionIndex(this.#end());
    return [...partsOfScalar(comprehension.body)].some(
      (part) =>
        part.kind === "read" &&
        this.isOfText(operands[part.operand]!) &&
        part.at.some((index) => sameIndex(index, end)),
    );
  }

  #end(): Dimension {
    return { ...symbolic(this.text.symbol), constant: -1 };
  }

  /** The node of a step for one that takes the last place. */
  latest(node: IndexNode): Value {
    const { comprehension, frame } = node;
    const end = dimensionIndex(this.#end());
    const own = comprehension.domain.find(({ extent }) => countsSamples(extent)) ?? null;
    const step: Step = { node, query: null, own, used: [], isHere: (index) => sameIndex(index, end) };
    const body = this.#scalar(comprehension.body, step);
    const { target, reducer, domain } = comprehension;
    return this.#add(node.operation, step.used, node.result.type, { domain, target, reducer, body }, frame);
  }

  /** A value along the text at its last place. */
  endOf(value: Value, axis: number, frame: Frame): End {
    const known = this.#ends.get(value)?.get(axis);
    if (known !== undefined) return known;
    const made = value === this.text.node.result ? this.#lastSymbol() : this.#endOfNode(value, axis, frame);
    this.#ends.set(value, (this.#ends.get(value) ?? new Map<number, End>()).set(axis, made));
    return made;
  }

  /** `symbol[b] = row[b, place[b]]` */
  #lastSymbol(): End {
    const { row, node } = this.text;
    const domain = [{ name: "b", extent: this.#samples }];
    const at = domain.map(variableIndex);
    const body = read(0, [...at, readIndex(1, at)]);
    const type = { ...row.type, shape: [this.#samples] };
    const comprehension = { domain, target: at, reducer: null, body };
    const value = this.#add("continue", [row, this.#place], type, comprehension, node.frame, "symbol");
    return { value, lifted: false };
  }

  #endOfNode(value: Value, axis: number, frame: Frame): End {
    const node = this.#producers.get(value);
    if (node === undefined) {
      const made = this.text.scan.nodes.find((each) => resultsOf(each).includes(value));
      throw new Rereads("a recurrence reads the text", made?.frame ?? frame);
    }
    const { comprehension, result } = node;
    const { domain, target, reducer } = comprehension;
    this.#check(node);
    const query = placeOf(target[axis]!)!;
    const samples = domain.filter(({ extent }) => countsSamples(extent));
    const own = samples[0] ?? { name: "b", extent: this.#samples };
    const lifted = samples.length === 0;
    if (samples.length > 1 || (!lifted && !target.some((at) => placeOf(at) === own)))
      throw new Rereads("it mixes samples", node.frame);
    const reduced = reducedVariables(comprehension).filter(({ extent }) => this.#speaks(extent));
    for (const key of reduced)
      if (reduced.length > 1 || !isUnnoticed(reducer, behindIn(node, query, key, this.#producerOf)))
        throw new Rereads("what it makes of a place depends on what comes after", node.frame);
    const isHere = (index: IndexExpression): boolean => placeOf(index) === query;
    const step: Step = { node, query, own, used: [this.#place], isHere };
    const body = this.#scalar(comprehension.body, step);
    const ahead = lifted ? [own] : [];
    const type = {
      ...result.type,
      shape: [...ahead.map(({ extent }) => extent), ...result.type.shape.toSpliced(axis, 1)],
    };
    const made: Comprehension = {
      domain: [...ahead, ...domain.filter((variable) => variable !== query)],
      target: [...ahead.map(variableIndex), ...target.toSpliced(axis, 1)],
      reducer,
      body,
    };
    return { value: this.#add(node.operation, step.used, type, made, node.frame, result.name), lifted };
  }

  readonly #producerOf = (value: Value): IndexNode | undefined =>
    this.#producers.get(value) ?? this.#outer.get(value);

  #speaks(dimension: Dimension): boolean {
    return declaredSymbols(dimension).includes(this.text.symbol);
  }

  /** Axes as long as the text; throws where one is as long as something made of that. */
  #axesOf({ type }: Value, frame: Frame): readonly number[] {
    return type.shape.flatMap((extent, axis) => {
      if (!this.#speaks(extent)) return [];
      if (!sameDimension(extent, symbolic(this.text.symbol)))
        throw new Rereads("it makes something longer or shorter of the text", frame);
      return [axis];
    });
  }

  /** That the text's length stands nowhere but as the extent of variables. */
  #check({ comprehension, result, frame }: IndexNode): void {
    const whole = symbolic(this.text.symbol);
    const { domain, body } = comprehension;
    const odd = domain.some(({ extent }) => this.#speaks(extent) && !sameDimension(extent, whole));
    if (odd || lengthsSpokenOf(comprehension).some((dimension) => this.#speaks(dimension)))
      throw new Rereads("it speaks of how long the text is", frame);
    if (!isGather(comprehension)) throw new Rereads("it adds up places of the text", frame);
    if ([...partsOfScalar(body)].some(({ kind }) => kind === "random"))
      throw new Rereads("it draws along the text", frame);
    this.#axesOf(result, frame);
  }

  #scalar(part: Scalar, step: Step): Scalar {
    switch (part.kind) {
      case "constant":
      case "dimension":
        return part;
      case "index":
        return indexScalar(this.#index(part.of, step));
      case "inside":
        return { ...part, of: this.#index(part.of, step) };
      case "read": {
        const { operand, at } = this.#placed(part.operand, part.at, step);
        return read(operand, at);
      }
      case "apply":
        return { ...part, arguments: part.arguments.map((argument) => this.#scalar(argument, step)) };
      case "random":
        throw new Rereads("it draws along the text", step.node.frame);
    }
  }

  #index(index: IndexExpression, step: Step): IndexExpression {
    const go = (part: IndexExpression): IndexExpression => this.#index(part, step);
    switch (index.kind) {
      case "constant":
        return index;
      case "variable":
        return index.variable === step.query ? readIndex(0, [variableIndex(step.own!)]) : index;
      case "dimension":
        if (!this.#speaks(index.dimension)) return index;
        throw new Rereads("it speaks of how long the text is", step.node.frame);
      case "sum":
        return sumIndex(...index.terms.map(go));
      case "scaled":
        return scaleIndex(index.factor, go(index.of));
      case "quotient":
        return quotientIndex(go(index.of), index.by);
      case "remainder":
        return remainderIndex(go(index.of), index.by);
      case "read": {
        const { operand, at } = this.#placed(index.operand, index.at, step);
        return readIndex(operand, at);
      }
    }
  }

  /** Where a step reads what a node reads: at the end, of what was kept, or as it stands. */
  #placed(
    operand: number,
    at: readonly IndexExpression[],
    step: Step,
  ): { readonly operand: number; readonly at: readonly IndexExpression[] } {
    const { node, query, own, used, isHere } = step;
    const { frame } = node;
    const value = node.operands[operand]!;
    const axes = this.#axesOf(value, frame);
    const here = axes.filter((axis) => isHere(at[axis]!));
    const keys = axes.filter((axis) => {
      const place = placeOf(at[axis]!);
      return place !== null && place !== query && this.#speaks(place.extent);
    });
    if (here.length + keys.length < axes.length || here.length > 1 || keys.length > 1)
      throw new Rereads("it reads other places of the text than its own", frame);
    const sample = sampleAxis(value.type);
    if (this.isOfText(value) && (sample < 0 || own === null || placeOf(at[sample]!) !== own))
      throw new Rereads("it reads of other samples", frame);
    const [axis] = here;
    if (axis !== undefined) {
      const end = this.endOf(value, axis, frame);
      if (end.lifted && own === null) throw new Rereads("it belongs to no sample", frame);
      const rest = at.toSpliced(axis, 1).map((index) => this.#index(index, step));
      return {
        operand: placeIn(used, end.value),
        at: [...(end.lifted ? [variableIndex(own!)] : []), ...rest],
      };
    }
    const there = at.map((index) => this.#index(index, step));
    if (!this.isOfText(value)) {
      this.#keepWithOperands(value, frame);
      return { operand: placeIn(used, value), at: there };
    }
    const [key] = keys;
    if (key === undefined) throw new Rereads("it makes one of all places of the text", frame);
    return { operand: placeIn(used, this.#keptOf(value, key, frame)), at: there };
  }

  /** What was kept of a value, with its last place. */
  #keptOf(value: Value, axis: number, frame: Frame): Value {
    const known = this.kept.find((one) => one.of === value && one.axis === axis);
    if (known !== undefined) return known.next;
    const end = this.endOf(value, axis, frame);
    if (end.lifted) throw new Rereads("what it keeps belongs to no sample", frame);
    const type = { ...value.type, shape: value.type.shape.with(axis, literal(this.text.window)) };
    const inner = this.#builder.value(type, value.name);
    const domain = variablesOver(type.shape);
    const own = domain.find(({ extent }) => countsSamples(extent))!;
    const isHere = apply("equal", indexScalar(variableIndex(domain[axis]!)), read(0, [variableIndex(own)]));
    const body = select(isHere, readAt(1, domain.toSpliced(axis, 1)), readAt(2, domain));
    const comprehension = { domain, target: domain.map(variableIndex), reducer: null, body };
    const operands = [this.#place, end.value, inner];
    const next = this.#add("continue", operands, type, comprehension, frame, value.name);
    this.kept.push({ of: value, axis, inner, next });
    return next;
  }

  /** A node as it is, and what it reads, none of it made of the text or changed by the step. */
  #keepWithOperands(value: Value, frame: Frame): void {
    if (!this.#inside.has(value)) return;
    const node = this.#producers.get(value);
    if (node === undefined) throw new Rereads("it depends on the step", frame);
    if (this.#emitted.has(node)) return;
    if (node.result.type.shape.some((extent) => this.#speaks(extent))) this.#check(node);
    for (const operand of node.operands) this.#keepWithOperands(operand, node.frame);
    this.#keep(node);
  }

  #keep(node: IndexNode): void {
    this.#emitted.add(node);
    this.nodes.push(node);
  }

  isEmitted(node: Node): boolean {
    return this.#emitted.has(node);
  }
}

function placeIn(values: Value[], value: Value): number {
  const known = values.indexOf(value);
  if (known >= 0) return known;
  values.push(value);
  return values.length - 1;
}
