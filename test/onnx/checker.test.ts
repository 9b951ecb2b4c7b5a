/** Owns the proof that ONNX's own checker finds nothing, shapes inferred, in the model of any program. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { emitOnnx, functionsInUse } from "../../src/backends/onnx/emit.ts";
import { networkIn, programs } from "./programs.ts";

/** Debian's own Python, which has the package python3-onnx. */
const python = "/usr/bin/python3";

function hasChecker(): boolean {
  try {
    execFileSync(python, ["-c", "import onnx"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const script = `
import sys, onnx
for path in sys.argv[1:]:
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    domains = {node.domain for node in model.graph.node} | {opset.domain for opset in model.opset_import}
    assert domains <= {""}, domains
    print(model.graph.name)
`;

describe.skipIf(!hasChecker())("ONNX's checker (python3-onnx)", () => {
  it("finds nothing in any model", () => {
    const folder = mkdtempSync(join(tmpdir(), "nnc-onnx-"));
    try {
      const models = [...programs.values()].flatMap((text) => {
        const network = networkIn(text);
        if (network === null) return [];
        const held = [...network.parameters, ...network.states].map(({ name, type }) => {
          const shape = type.shape.map(({ constant }) => constant);
          const size = shape.reduce((product, extent) => product * extent, 1);
          return [name, { shape, values: new Float32Array(size) }] as const;
        });
        return functionsInUse(network).map((part) => emitOnnx({ ...part, weights: new Map(held) }));
      });
      const paths = models.map((bytes, place) => {
        const path = join(folder, `${place}.onnx`);
        writeFileSync(path, bytes);
        return path;
      });
      const names = execFileSync(python, ["-c", script, ...paths], { encoding: "utf8" })
        .trim()
        .split("\n");
      expect(names).toHaveLength(models.length);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
