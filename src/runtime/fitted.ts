/** Owns states that are fitted to the data once, before the first step: means and deviations of an input. */
import type { Column, DataSet } from "./columns.ts";
import { sizeOf, writeTensor } from "./layout.ts";
import type { FullPlan } from "./plan.ts";
import { placesWithin, shapeOf } from "./sequences.ts";
import type { Session } from "./session.ts";

/** Over all samples, and over the axes of the input that come before the state's own. A deviation of 0 becomes 1. */
export function fitStates(session: Session<FullPlan>, data: DataSet, rows: Int32Array): void {
  for (const state of session.plan.states) {
    if (state.fitted === undefined) continue;
    const [statistic, input] = state.fitted;
    const column = data.columns.find(({ port }) => port.name === input)!;
    const places = (row: number): Int32Array | null => placesOfSample(data, column, row);
    const means = averages(sizeOf(state.shape), column, rows, places, (value) => value);
    if (statistic === "mean") writeTensor(session, state, means);
    else {
      const squares = averages(means.length, column, rows, places, (value, k) => (value - means[k]!) ** 2);
      writeTensor(
        session,
        state,
        squares.map((square) => (square === 0 ? 1 : Math.sqrt(square))),
      );
    }
  }
}

/** Where the numbers of a sample are that is shorter than the limit; null where all places hold some. */
function placesOfSample(data: DataSet, { port }: Column, row: number): Int32Array | null {
  if (port.varies === undefined) return null;
  const lengths = new Map(
    data.columns.flatMap(({ port: other, values }) =>
      other.length === undefined ? [] : [[other.name, values[row]!] as const],
    ),
  );
  return placesWithin(shapeOf(port, lengths), port.shape.slice(1));
}

function averages(
  size: number,
  column: Column,
  rows: Int32Array,
  places: (row: number) => Int32Array | null,
  term: (value: number, place: number) => number,
): Float64Array {
  const sums = new Float64Array(size);
  let count = 0;
  for (const row of rows) {
    const valid = places(row);
    const numbers = valid?.length ?? column.size;
    for (let k = 0; k < numbers; k += 1) {
      const i = valid === null ? k : valid[k]!;
      sums[i % size]! += term(column.values[row * column.size + i]!, i % size);
    }
    count += numbers / size;
  }
  return sums.map((sum) => sum / count);
}
