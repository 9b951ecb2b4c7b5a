/** Owns NumPy's NPY format, versions 1 to 3: a header in Python's notation, then the numbers. */
import { dataProblem } from "../problem.ts";
import type { RawColumn } from "./dataset.ts";

type Reader = (view: DataView, offset: number, little: boolean) => number;

const readers: Readonly<Record<string, { bytes: number; read: Reader }>> = {
  f4: { bytes: 4, read: (view, offset, little) => view.getFloat32(offset, little) },
  f8: { bytes: 8, read: (view, offset, little) => view.getFloat64(offset, little) },
  i1: { bytes: 1, read: (view, offset) => view.getInt8(offset) },
  i2: { bytes: 2, read: (view, offset, little) => view.getInt16(offset, little) },
  i4: { bytes: 4, read: (view, offset, little) => view.getInt32(offset, little) },
  i8: { bytes: 8, read: (view, offset, little) => Number(view.getBigInt64(offset, little)) },
  u1: { bytes: 1, read: (view, offset) => view.getUint8(offset) },
  u2: { bytes: 2, read: (view, offset, little) => view.getUint16(offset, little) },
  u4: { bytes: 4, read: (view, offset, little) => view.getUint32(offset, little) },
  u8: { bytes: 8, read: (view, offset, little) => Number(view.getBigUint64(offset, little)) },
  b1: { bytes: 1, read: (view, offset) => view.getUint8(offset) },
};

/** Reads an NPY file (already unpacked) in row-major order; the first axis counts the samples. */
export function readNpy(file: string, bytes: Uint8Array): RawColumn {
  const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
  if (bytes.length < 10 || magic.some((byte, place) => bytes[place] !== byte)) {
    throw dataProblem(file, "this is no NPY file: it does not begin with `\\x93NUMPY`");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const long = bytes[6]! >= 2;
  if (long && bytes.length < 12) throw dataProblem(file, "the file ends within its header");
  const start = long ? 12 : 10;
  const end = start + (long ? view.getUint32(8, true) : view.getUint16(8, true));
  if (bytes.length < end) throw dataProblem(file, "the file ends within its header");
  const header = new TextDecoder("latin1").decode(bytes.subarray(start, end));

  const type = /'descr'\s*:\s*'([<>|=])(\w\d)'/.exec(header);
  const reader = readers[type?.[2] ?? ""];
  if (type === null || reader === undefined) {
    throw dataProblem(file, "its numbers are of a type that cannot be read here", {
      help: "save it with `array.astype('float32')` or an integer type",
    });
  }
  const extents = (/'shape'\s*:\s*\(([^)]*)\)/.exec(header)?.[1] ?? "")
    .split(",")
    .map((extent) => extent.trim())
    .filter((extent) => extent !== "")
    .map(Number);
  if (extents.length === 0 || extents.some((extent) => !Number.isSafeInteger(extent) || extent < 0)) {
    throw dataProblem(file, "the array has no axis that could count samples");
  }
  if (/'fortran_order'\s*:\s*True/.test(header) && extents.length > 1) {
    throw dataProblem(file, "the array is stored column by column", {
      help: "save `numpy.ascontiguousarray(array)`",
    });
  }
  const size = extents.reduce((product, extent) => product * extent, 1);
  if (size * reader.bytes !== bytes.length - end) {
    throw dataProblem(
      file,
      `its header promises ${extents.join(" × ")} numbers (${size * reader.bytes} bytes), but ${bytes.length - end} bytes follow`,
    );
  }
  const values = new Float64Array(size);
  const little = type[1] !== ">";
  for (let place = 0; place < size; place += 1)
    values[place] = reader.read(view, end + place * reader.bytes, little);
  return { file, count: extents[0]!, shape: extents.slice(1), values };
}
