/** Owns how far off each class of operation may be. */
import type { Tolerance } from "../support/difference.ts";

/** Of single precision, by class of operation, as the README of the cases has it. */
const single: Readonly<Record<string, Tolerance>> = {
  indexing: { rtol: 1e-6, atol: 1e-6 },
  activation: { rtol: 1e-5, atol: 1e-6 },
  elementwise: { rtol: 1e-5, atol: 1e-6 },
  pool: { rtol: 1e-5, atol: 1e-6 },
  resize: { rtol: 1e-5, atol: 1e-6 },
  matmul: { rtol: 1e-5, atol: 2e-6 },
  conv: { rtol: 1e-5, atol: 2e-6 },
  reduction: { rtol: 1e-5, atol: 2e-6 },
  norm: { rtol: 2e-5, atol: 5e-6 },
  recurrent: { rtol: 2e-5, atol: 5e-6 },
  attention: { rtol: 2e-5, atol: 5e-6 },
  loss: { rtol: 2e-5, atol: 5e-6 },
};

const double: Tolerance = { rtol: 1e-7, atol: 1e-8 };

/** PyTorch's softplus returns x beyond its threshold, which is 2.1e-9 off. */
const softplusSlack = 3e-9;

export function toleranceOf(
  file: { readonly op: string; readonly class: string },
  of: { readonly f32_tol?: Tolerance },
  precision: "single" | "double",
): Tolerance {
  if (precision === "double")
    return file.op === "softplus" ? { ...double, atol: double.atol + softplusSlack } : double;
  const found = of.f32_tol ?? single[file.class];
  if (found === undefined) throw new Error(`there is no tolerance for the class ${file.class}`);
  return found;
}
