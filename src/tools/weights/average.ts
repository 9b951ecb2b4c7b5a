/** Owns averages of weights: of several trainings or of several moments of one. */
import type { StoredTensor, TensorFile } from "../../runtime/safetensors.ts";
import { Problem } from "../problem.ts";
import { forUse, shapeText } from "./file.ts";

export interface NamedFile {
  readonly path: string;
  readonly file: TensorFile;
}

/** `shares` sum to anything but 0. @throws {Problem} with all that does not fit. */
export function averageOf(files: readonly NamedFile[], shares: readonly number[]): TensorFile {
  const [first, ...others] = files.map(({ path, file }) => ({ path, ...forUse(file) }));
  const faults: string[] = [];
  for (const { path, tensors } of others) {
    for (const [name, tensor] of first!.tensors) {
      const found = tensors.get(name);
      if (found === undefined) faults.push(`${name} is missing in ${path}`);
      else if (shapeText(found) !== shapeText(tensor))
        faults.push(`${name} is ${shapeText(tensor)} in ${first!.path}, and ${shapeText(found)} in ${path}`);
    }
    for (const name of tensors.keys())
      if (!first!.tensors.has(name)) faults.push(`${name} is in ${path} alone`);
  }
  if (faults.length > 0)
    throw new Problem(`these weights are not of one network:\n${indented(faults)}`, { exitCode: 1 });
  const total = shares.reduce((sum, share) => sum + share, 0);
  const tensors = [...first!.tensors].map(([name, { shape, values }]): [string, StoredTensor] => {
    const sums = new Float64Array(values.length);
    for (const [k, { tensors: all }] of [first!, ...others].entries()) {
      const some = all.get(name)!.values;
      for (let i = 0; i < sums.length; i += 1) sums[i]! += (shares[k]! / total) * some[i]!;
    }
    return [name, { shape, values: values.BYTES_PER_ELEMENT === 8 ? sums : Float32Array.from(sums) }];
  });
  return { tensors: new Map(tensors), metadata: first!.metadata };
}

export function indented(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}`).join("\n");
}
