/** Owns lists as tensors: short ones are written out where they are read, longer ones are tables of the network. */
import { variablesOver } from "../../ir/build.ts";
import type { IndexVariable, Scalar } from "../../ir/comprehension.ts";
import { literal } from "../../ir/dimension.ts";
import type { Value } from "../../ir/graph.ts";
import { variableIndex } from "../../ir/indices.ts";
import type { Constant as Table } from "../../ir/network.ts";
import { apply, constant, indexScalar, select } from "../../ir/scalars.ts";
import { floats } from "../../ir/type.ts";
import { type Elaboration, type Scope, nodeFrame } from "./elaboration.ts";
import { toNumber } from "../statics/exact.ts";
import { addArgument, addNode } from "./graph-builder.ts";
import { type ListMeaning, type Meaning, numeric } from "../statics/meaning.ts";
import * as exact from "../statics/exact.ts";

/** Of so many numbers, choosing by place costs no more than reading a table. */
const mostWrittenOut = 8;
/** Where there is no room for tables, in optimizers, schedules and the ends of metrics. */
const mostWithoutTables = 64;

/** A list of numbers, or of such lists, as a tensor. */
export function tableOf(elaboration: Elaboration, scope: Scope, list: ListMeaning): Value | null {
  const numbers = numbersOf(list.items);
  if (numbers === null || numbers.values.length === 0) return null;
  const { shape, values } = numbers;
  const type = floats(shape.map((extent) => literal(extent)));
  if (values.length <= (elaboration.tables === null ? mostWithoutTables : mostWrittenOut)) {
    const domain = variablesOver(type.shape);
    const body = chosenByPlace(domain, values);
    const comprehension = { domain, target: domain.map(variableIndex), reducer: null, body };
    return addNode(elaboration.graph, "constant", [], { type, comprehension }, nodeFrame(scope));
  }
  const { graph, tables } = elaboration;
  if (tables === null) return null;
  const key = `${shape.join()}: ${values.join()}`;
  const table = tables.get(key) ?? { name: freeName(tables, list.name ?? "table"), type, values };
  tables.set(key, table);
  const known = graph.arguments.find(({ role }) => role.kind === "constant" && role.name === table.name);
  return known?.value ?? addArgument(graph, { kind: "constant", name: table.name }, type, table.name);
}

/** `window`, `window_2` … */
function freeName(tables: ReadonlyMap<string, Table>, wanted: string): string {
  const taken = new Set([...tables.values()].map(({ name }) => name));
  let name = wanted;
  for (let k = 2; taken.has(name); k += 1) name = `${wanted}_${k}`;
  return name;
}

interface Numbers {
  readonly shape: readonly number[];
  /** Row-major. */
  readonly values: readonly number[];
}

/** Null where the parts differ in shape, or one is no number. */
function numbersOf(items: readonly Meaning[]): Numbers | null {
  const parts = items.map((item): Numbers | null => {
    if (item.kind === "number") return { shape: [], values: [toNumber(item.number)] };
    return item.kind === "list" ? numbersOf(item.items) : null;
  });
  const first = parts[0];
  if (first === undefined || first === null) return null;
  const shape = first.shape.join();
  const alike = parts.filter((part) => part !== null && part.shape.join() === shape);
  if (alike.length < parts.length) return null;
  return { shape: [parts.length, ...first.shape], values: alike.flatMap((part) => part!.values) };
}

/** The list of lists that a tensor of numbers is. */
export function listOf(shape: readonly number[], values: ArrayLike<number>): ListMeaning {
  const [extent = 0, ...rest] = shape;
  const each = rest.reduce((product, size) => product * size, 1);
  const all = Array.from(values);
  const items = Array.from({ length: extent }, (_, place): Meaning => {
    const part = all.slice(place * each, (place + 1) * each);
    return rest.length === 0 ? numeric(exact.inexact(part[0]!)) : listOf(rest, part);
  });
  return { kind: "list", items };
}

/** `select(i = 0, v₀, select(i = 1, v₁, …))` along the first axis, and so on within. */
function chosenByPlace(domain: readonly IndexVariable[], values: readonly number[]): Scalar {
  const [variable, ...rest] = domain;
  if (variable === undefined) return constant(values[0]!);
  const extent = variable.extent.constant;
  const each = values.length / extent;
  const at = (place: number): Scalar => chosenByPlace(rest, values.slice(place * each, (place + 1) * each));
  const place = indexScalar(variableIndex(variable));
  let chosen = at(extent - 1);
  for (let k = extent - 2; k >= 0; k -= 1) chosen = select(apply("equal", place, constant(k)), at(k), chosen);
  return chosen;
}
