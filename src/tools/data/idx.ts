/** Owns the IDX format of MNIST: a big-endian header with the extents, then the numbers (LeCun, Cortes and Burges). */
import { dataProblem } from "../problem.ts";
import type { RawColumn } from "./dataset.ts";

interface Element {
  readonly bytes: number;
  read(view: DataView, offset: number): number;
}

const elements: Readonly<Record<number, Element>> = {
  0x08: { bytes: 1, read: (view, offset) => view.getUint8(offset) },
  0x09: { bytes: 1, read: (view, offset) => view.getInt8(offset) },
  0x0b: { bytes: 2, read: (view, offset) => view.getInt16(offset) },
  0x0c: { bytes: 4, read: (view, offset) => view.getInt32(offset) },
  0x0d: { bytes: 4, read: (view, offset) => view.getFloat32(offset) },
  0x0e: { bytes: 8, read: (view, offset) => view.getFloat64(offset) },
};

/** Reads an IDX file (already unpacked); the first axis counts the samples. Nothing is allocated on the header's word. */
export function readIdx(file: string, bytes: Uint8Array): RawColumn {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const element = bytes.length >= 4 && view.getUint16(0) === 0 ? elements[view.getUint8(2)] : undefined;
  const rank = bytes.length >= 4 ? view.getUint8(3) : 0;
  if (element === undefined || rank === 0)
    throw dataProblem(file, "this is no IDX file: it does not begin with an IDX header");
  const header = 4 + 4 * rank;
  if (bytes.length < header) throw dataProblem(file, "the file ends within its IDX header");
  const extents = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const size = extents.reduce((product, extent) => product * extent, 1);
  const promised = size * element.bytes;
  const held = bytes.length - header;
  if (promised !== held) {
    throw dataProblem(
      file,
      `its header promises ${extents.join(" × ")} numbers (${promised} bytes), but ${held} bytes follow`,
    );
  }
  const values = new Float64Array(size);
  for (let place = 0; place < size; place += 1)
    values[place] = element.read(view, header + place * element.bytes);
  return { file, count: extents[0]!, shape: extents.slice(1), values };
}
