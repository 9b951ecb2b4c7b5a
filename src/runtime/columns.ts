/** Owns a data set in memory: checked once, then read row by row in any order. */
import { placesOf, sizeOf } from "./layout.ts";
import type { Floats, Port } from "./plan.ts";
import { type Batch, copySamples, countSamples, type Feed } from "./samples.ts";

/** Row-major numbers of one port, for all samples. */
export interface Column {
  readonly port: Port;
  readonly size: number;
  readonly places: Int32Array | null;
  readonly values: Floats | Int32Array;
}

export interface DataSet {
  readonly count: number;
  readonly columns: readonly Column[];
}

export function dataSetOf(ports: readonly Port[], batch: Batch, width: 4 | 8): DataSet {
  const count = countSamples(ports, batch);
  const columns = ports.map((port) => {
    const size = sizeOf(port.shape.slice(1));
    const values =
      port.size !== undefined
        ? new Int32Array(count * size)
        : width === 8
          ? new Float64Array(count * size)
          : new Float32Array(count * size);
    copySamples(port, batch[port.name]!, 0, count, values, 0);
    return { port, size, places: placesOf(port), values };
  });
  return { count, columns };
}

/** The samples at `rows[start]` to `rows[start + count - 1]`, in that order. */
export function rowsFeed(data: DataSet, rows: Int32Array, start: number, count: number): Feed {
  return {
    count,
    load: (arena, from, length) => {
      for (const { port, size, places, values } of data.columns) {
        const target = port.size === undefined ? arena.floats : arena.indices;
        for (let sample = 0; sample < length; sample += 1) {
          const source = rows[start + from + sample]! * size;
          if (places === null) target.set(values.subarray(source, source + size), port.at + sample * size);
          else
            for (let i = 0; i < size; i += 1)
              target[port.at + places[sample * size + i]!] = values[source + i]!;
        }
      }
    },
  };
}
