/** Owns WAV sounds as numbers from -1 to 1: RIFF chunks with PCM of 8 to 32 bits or floats, channels averaged. */
import type { Static } from "../../ir/network.ts";
import { dataProblem } from "../problem.ts";
import { type Slot, printExtents } from "./dataset.ts";
import { rowOption } from "./options.ts";

interface Format {
  readonly code: number;
  readonly channels: number;
  readonly rate: number;
  readonly bits: number;
}

export function readWav(
  file: string,
  bytes: Uint8Array,
  slot: Slot,
  options: Readonly<Record<string, Static>>,
): Float32Array {
  const { format, data } = chunksOf(file, bytes);
  const rate = rowOption(options, "rate", 1);
  if (rate !== null && format.rate !== rate)
    throw dataProblem(file, `it has ${format.rate} samples a second, and the recipe says \`rate: ${rate}\``);
  const read = readerOf(file, format);
  const frame = (format.bits / 8) * format.channels;
  const length = Math.floor(data.byteLength / frame);
  checkLength(file, slot, length);
  return Float32Array.from({ length }, (_, place) => {
    let sum = 0;
    for (let channel = 0; channel < format.channels; channel += 1)
      sum += read(data, place * frame + (channel * format.bits) / 8);
    return sum / format.channels;
  });
}

function chunksOf(file: string, bytes: Uint8Array): { format: Format; data: DataView } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tag = (at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (bytes.length < 12 || tag(0) !== "RIFF" || tag(8) !== "WAVE")
    throw dataProblem(file, "this is no WAV sound: it does not begin with `RIFF … WAVE`");
  let format: Format | null = null;
  for (let at = 12; at + 8 <= bytes.length;) {
    const [name, size] = [tag(at), view.getUint32(at + 4, true)];
    const start = at + 8;
    if (start + size > bytes.length)
      throw dataProblem(
        file,
        `its part \`${name}\` promises ${size} bytes, but ${bytes.length - start} follow`,
      );
    if (name === "fmt " && size >= 16) {
      const plain = view.getUint16(start, true);
      // The extensible form keeps the code further on.
      const code = plain === 0xfffe && size >= 26 ? view.getUint16(start + 24, true) : plain;
      const channels = view.getUint16(start + 2, true);
      format = {
        code,
        channels,
        rate: view.getUint32(start + 4, true),
        bits: view.getUint16(start + 14, true),
      };
    }
    if (name === "data" && format !== null)
      return { format, data: new DataView(bytes.buffer, bytes.byteOffset + start, size) };
    at = start + size + (size % 2);
  }
  throw dataProblem(file, `it holds no ${format === null ? "format" : "samples"}`);
}

function readerOf(file: string, { code, bits, channels }: Format): (view: DataView, at: number) => number {
  if (channels > 0 && code === 1) {
    if (bits === 8) return (view, at) => (view.getUint8(at) - 128) / 128;
    if (bits === 16) return (view, at) => view.getInt16(at, true) / 32768;
    if (bits === 24) return (view, at) => (view.getUint16(at, true) + 65536 * view.getInt8(at + 2)) / 8388608;
    if (bits === 32) return (view, at) => view.getInt32(at, true) / 2147483648;
  }
  if (channels > 0 && code === 3 && bits === 32) return (view, at) => view.getFloat32(at, true);
  throw dataProblem(file, `its samples are of a kind that cannot be read here (code ${code}, ${bits} bits)`, {
    help: "save it as PCM of 16 bits",
  });
}

function checkLength(file: string, { name, steps, shape, size, classes }: Slot, length: number): void {
  if (classes !== null || (steps === null ? shape.length !== 1 : shape.length !== 0))
    throw dataProblem(file, `input \`${name}\` is ${printExtents(shape)}, which is no sound`);
  const [least, most] = steps === null ? [size, size] : [steps.minimum, steps.maximum ?? Infinity];
  if (length < least || length > most) {
    const due = least === most ? `${least}` : `${least} to ${most}`;
    throw dataProblem(file, `the sound has ${length} samples, and input \`${name}\` takes ${due}`);
  }
}
