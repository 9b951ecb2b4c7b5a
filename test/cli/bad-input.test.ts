/** Owns the proof that bad input ends in a clear message and the right exit code, without a stack trace or half a file. */
import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { folder, put } from "../data/files.ts";
import { nnc, root, stackTrace } from "./command.ts";

const base = folder();
const iris = readFileSync(join(root, "examples/iris.nn"), "utf8");
const header = "sepal_length,sepal_width,petal_length,petal_width,species\n";

interface Case {
  readonly name: string;
  readonly args: readonly string[];
  readonly code: 1 | 2;
  readonly says: RegExp;
}

beforeAll(async () => {
  cpSync(join(root, "examples/data"), join(base, "data"), { recursive: true });
  put(base, "iris.nn", iris);
  put(base, "empty.nn", "");
  put(
    base,
    "garbage.nn",
    Uint8Array.from({ length: 4096 }, (_, place) => (place * 151 + 7) % 256),
  );
  put(base, "brackets.nn", "(".repeat(1 << 20));
  put(base, "unknown.nn", iris.replace("-> tanh", "-> tahn"));
  put(base, "mismatch.nn", iris.replace("dense(3)", "dense(4) + zeros([5])"));
  put(base, "nan.csv", `${header}5.1,3.5,1.4,0.2,setosa\n4.9,NaN,1.4,0.2,setosa\n`);
  put(base, "range.csv", `${header}5.1,3.5,1.4,0.2,0\n4.9,3.0,1.4,0.2,3\n`);
  put(base, "foreign.safetensors", "this is a letter, not a file of weights\n");
  put(base, "explodes.nn", iris.replace("adam(3e-2)", "sgd(1e38)"));
  mkdirSync(join(base, "folder"));
  const trained = await nnc(
    ["train", "iris.nn", "--epochs", "1", "--out", "good.safetensors", "--log", "none"],
    { cwd: base },
  );
  expect(trained.stderr).toBe("");
  writeFileSync(join(base, "cut.safetensors"), readFileSync(join(base, "good.safetensors")).subarray(0, 300));
  put(base, "other.nn", iris.replace("hidden: int = 8", "hidden: int = 9"));
});

const evaluate = (weights: string, program = "iris.nn") => ["evaluate", program, "--weights", weights];
const cases: readonly Case[] = [
  { name: "an empty file", args: ["check", "empty.nn"], code: 1, says: /empty\.nn/ },
  { name: "binary garbage", args: ["check", "garbage.nn"], code: 1, says: /not text/ },
  {
    name: "a megabyte of open brackets",
    args: ["check", "brackets.nn"],
    code: 1,
    says: /nested more than 100 deep|never closed/,
  },
  { name: "an unknown layer", args: ["check", "unknown.nn"], code: 1, says: /`tahn`[^]*`?tanh`?/ },
  { name: "a mismatch", args: ["check", "mismatch.nn"], code: 1, says: /unknown|mismatch\.nn:\d+:\d+/ },
  { name: "an unknown layer, when training", args: ["train", "unknown.nn"], code: 1, says: /`tahn`/ },
  {
    name: "a NaN in the data",
    args: ["train", "iris.nn", "--data", "nan.csv"],
    code: 1,
    says: /nan\.csv: row 2 \(line 3\), column `sepal_width`: the value is missing \(`NaN`\)/,
  },
  {
    name: "a label out of range",
    args: ["train", "iris.nn", "--data", "range.csv"],
    code: 1,
    says: /range\.csv: row 2 \(line 3\), column `species`: index 3 is out of range/,
  },
  {
    name: "data that are not there",
    args: ["train", "iris.nn", "--data", "none.csv"],
    code: 2,
    says: /cannot read none\.csv: there is no such file/,
  },
  {
    name: "truncated weights",
    args: evaluate("cut.safetensors"),
    code: 1,
    says: /cut\.safetensors: .*not a safetensors file/,
  },
  {
    name: "foreign weights",
    args: evaluate("foreign.safetensors"),
    code: 1,
    says: /foreign\.safetensors: .*not a safetensors file/,
  },
  {
    name: "weights of another model",
    args: evaluate("good.safetensors", "other.nn"),
    code: 1,
    says: /good\.safetensors: these weights are not for Iris/,
  },
  {
    name: "weights that are not there",
    args: evaluate("none.safetensors"),
    code: 2,
    says: /cannot read none\.safetensors/,
  },
  {
    name: "truncated weights to go on from",
    args: ["train", "iris.nn", "--resume", "cut.safetensors"],
    code: 1,
    says: /cut\.safetensors/,
  },
  {
    name: "truncated weights to put inside",
    args: ["compile", "iris.nn", "--weights", "cut.safetensors"],
    code: 1,
    says: /safetensors/,
  },
  {
    name: "an output in a folder that is not there",
    args: ["compile", "iris.nn", "-o", "nowhere/iris.ts"],
    code: 2,
    says: /cannot write nowhere\/iris\.ts: its folder does not exist/,
  },
  {
    name: "an output that is a directory",
    args: ["train", "iris.nn", "--out", "folder"],
    code: 2,
    says: /cannot write folder: it is a directory/,
  },
  {
    name: "a file that is not there",
    args: ["check", "none.nn"],
    code: 2,
    says: /cannot read none\.nn: there is no such file/,
  },
  {
    name: "a directory as a program",
    args: ["check", "folder"],
    code: 2,
    says: /cannot read folder: it is a directory/,
  },
  {
    name: "an unknown name to set",
    args: ["summary", "iris.nn", "--set", "hiden=4"],
    code: 1,
    says: /`?hiden`?/,
  },
  {
    name: "a value of a wrong type to set",
    args: ["summary", "iris.nn", "--set", "hidden=many"],
    code: 1,
    says: /hidden/,
  },
  {
    name: "a setting without a value",
    args: ["summary", "iris.nn", "--set", "hidden"],
    code: 2,
    says: /`name=value` was expected/,
  },
  { name: "an unknown model", args: ["summary", "iris.nn", "--model", "Tulip"], code: 1, says: /Tulip/ },
  {
    name: "an unknown flag",
    args: ["train", "iris.nn", "--epoch", "3"],
    code: 2,
    says: /unknown option '--epoch'/,
  },
  { name: "an unknown command", args: ["tarin", "iris.nn"], code: 2, says: /unknown command 'tarin'/ },
  {
    name: "a number that is none",
    args: ["train", "iris.nn", "--epochs", "many"],
    code: 2,
    says: /whole number/,
  },
  { name: "an unknown stage", args: ["compile", "iris.nn", "--emit", "dreams"], code: 2, says: /dreams/ },
  { name: "an unknown code", args: ["explain", "E9999"], code: 2, says: /there is no message E9999/ },
  {
    name: "a loss that is no number any more",
    args: ["train", "explodes.nn"],
    code: 1,
    says: /training broke off at step \d+: the loss is (NaN|Infinity)/,
  },
];

describe("bad input", () => {
  it.each(cases)("$name", async ({ args, code, says }) => {
    const before = readdirSync(base).sort();
    const ran = await nnc(args, { cwd: base });
    expect(ran.stderr).toMatch(says);
    expect(ran.stderr).not.toMatch(stackTrace);
    expect(ran.stderr).not.toContain("internal error");
    expect(ran.code).toBe(code);
    expect(ran.stdout).toBe("");
    expect(readdirSync(base).sort()).toEqual(before);
  });
});
