/** Owns a file of data as bytes, unpacked where it is a gzip stream. */
import { gunzipSync } from "node:zlib";
import { readBytes } from "../files/read.ts";
import { dataProblem } from "../problem.ts";

const largestUnpacked = 2 ** 31 - 1;

/** @throws where the file cannot be read, is empty, or is packed badly. */
export async function readUnpacked(path: string): Promise<Uint8Array> {
  const bytes = unpack(path, await readBytes(path));
  if (bytes.length === 0) throw dataProblem(path, "the file is empty");
  return bytes;
}

function unpack(path: string, bytes: Uint8Array): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: largestUnpacked });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "Z_BUF_ERROR")
      throw dataProblem(path, "its gzip stream ends too early: the file is truncated");
    if (code === "ERR_BUFFER_TOO_LARGE") throw dataProblem(path, "it unpacks to more than 2 GB");
    throw dataProblem(path, `its gzip stream is damaged (${(error as Error).message})`);
  }
}
