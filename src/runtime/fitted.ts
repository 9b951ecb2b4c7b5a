/** Owns states that are fitted to the data once, before the first step: means and deviations of an input. */
import type { DataSet } from "./columns.ts";
import { sizeOf, writeTensor } from "./layout.ts";
import type { FullPlan } from "./plan.ts";
import type { Session } from "./session.ts";

/** Over all samples, and over the axes of the input that come before the state's own. A deviation of 0 becomes 1. */
export function fitStates(session: Session<FullPlan>, data: DataSet, rows: Int32Array): void {
  for (const state of session.plan.states) {
    if (state.fitted === undefined) continue;
    const [statistic, input] = state.fitted;
    const column = data.columns.find(({ port }) => port.name === input)!;
    const means = averages(sizeOf(state.shape), column, rows, (value) => value);
    if (statistic === "mean") writeTensor(session, state, means);
    else {
      const squares = averages(means.length, column, rows, (value, k) => (value - means[k]!) ** 2);
      writeTensor(
        session,
        state,
        squares.map((square) => (square === 0 ? 1 : Math.sqrt(square))),
      );
    }
  }
}

function averages(
  size: number,
  column: DataSet["columns"][number],
  rows: Int32Array,
  term: (value: number, place: number) => number,
): Float64Array {
  const sums = new Float64Array(size);
  for (const row of rows)
    for (let i = 0; i < column.size; i += 1)
      sums[i % size]! += term(column.values[row * column.size + i]!, i % size);
  const count = (rows.length * column.size) / size;
  return sums.map((sum) => sum / count);
}
