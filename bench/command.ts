/** Owns how soon the command starts: `nnc --version` beside node itself, in turns within one run. Nothing else in it is timed. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { median } from "./measure.ts";

const turns = 31;
/** Milliseconds behind node itself. */
const due = 150;
const command = join(import.meta.dirname, "../dist/nnc.js");

function took(args: readonly string[]): number {
  const began = performance.now();
  execFileSync(process.execPath, args, { stdio: "ignore" });
  return performance.now() - began;
}

const pairs = Array.from({ length: turns }, (_, turn) => {
  // Who goes first changes, so that neither has the warmer machine.
  if (turn % 2 === 0) return [took(["-e", "0"]), took([command, "--version"])] as const;
  const ours = took([command, "--version"]);
  return [took(["-e", "0"]), ours] as const;
});
const [node, ours, behind] = [
  median(pairs.map(([alone]) => alone)),
  median(pairs.map(([, all]) => all)),
  median(pairs.map(([alone, all]) => all - alone)),
].map((milliseconds) => Math.round(milliseconds * 10) / 10);
console.log(
  `node -e 0: ${node} ms; nnc --version: ${ours} ms; pair by pair ${behind} ms behind (due: ${due})`,
);
process.exitCode = behind! <= due ? 0 : 1;
