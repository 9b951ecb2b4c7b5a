/** Owns PNG pictures as numbers from 0 to 255, row by row, the channels of a pixel side by side. */
import { type DecodedPng, convertIndexedToRgb, decode } from "fast-png";
import { dataProblem } from "../problem.ts";
import { type Slot, printExtents } from "./dataset.ts";

/** Pixels a picture may have, so that a small file cannot claim all memory. */
const mostPixels = 2 ** 26;

export function readPng(file: string, bytes: Uint8Array, slot: Slot): Float32Array {
  const [rows, columns, channels = 1] = slot.shape;
  if (slot.steps !== null || slot.shape.length < 2 || slot.shape.length > 3 || slot.classes !== null)
    throw dataProblem(file, `input \`${slot.name}\` is ${printExtents(slot.shape)}, which is no picture`);
  const png = decoded(file, bytes);
  if (png.height !== rows || png.width !== columns) {
    throw dataProblem(
      file,
      `the picture is ${png.height} × ${png.width}, and input \`${slot.name}\` is ${printExtents(slot.shape)}`,
    );
  }
  const own = png.palette === undefined ? png.channels : png.palette[0]!.length;
  const data = png.palette === undefined ? png.data : convertIndexedToRgb(png);
  // An alpha channel is left out, and gray repeated where colours are asked for.
  const colors = own === 2 || own === 4 ? own - 1 : own;
  if (channels !== own && channels !== colors && colors !== 1) {
    throw dataProblem(
      file,
      `the picture has ${own} channels, and input \`${slot.name}\` takes ${channels}: ${printExtents(slot.shape)}`,
    );
  }
  const scale = png.depth === 16 ? 255 / 65535 : png.palette === undefined ? 255 / (2 ** png.depth - 1) : 1;
  const values = new Float32Array(slot.size);
  for (let pixel = 0; pixel < rows * columns; pixel += 1)
    for (let channel = 0; channel < channels; channel += 1)
      values[pixel * channels + channel] = data[pixel * own + (channel < own ? channel : 0)]! * scale;
  return values;
}

function decoded(file: string, bytes: Uint8Array): DecodedPng {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isPng = bytes.length > 24 && view.getUint32(0) === 0x89504e47;
  if (!isPng) throw dataProblem(file, "this is no PNG picture");
  if (view.getUint32(16) * view.getUint32(20) > mostPixels)
    throw dataProblem(file, "the picture has more than 67 million pixels");
  try {
    return decode(bytes, { checkCrc: true });
  } catch (error) {
    throw dataProblem(file, `the picture is damaged (${(error as Error).message})`);
  }
}
