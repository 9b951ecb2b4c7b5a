/** Owns reading `nnc.config.{ts,js,mjs,json}`: found from a folder upwards, run or parsed, and checked. */
import { randomUUID } from "node:crypto";
import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Problem } from "../problem.ts";
import type { Config } from "./define.ts";

export type { Config } from "./define.ts";

const fileNames = ["nnc.config.ts", "nnc.config.js", "nnc.config.mjs", "nnc.config.json"];

/**
 * The nearest configuration from a folder upwards; empty where there is none. Paths in it count from its own folder and
 * come out whole.
 * @throws {Problem} where it cannot be run or says what it may not.
 */
export async function readConfig(folder: string): Promise<Config> {
  const path = await findConfig(folder);
  if (path === null) return {};
  const value = path.endsWith(".json") ? await readJson(path) : await runConfig(path);
  return placed(checked(value, path), dirname(path));
}

/** The path of the nearest configuration from a folder upwards. */
export async function findConfig(given: string): Promise<string | null> {
  const folder = resolve(given);
  for (const name of fileNames) {
    const path = join(folder, name);
    if ((await stat(path).catch(() => null))?.isFile() === true) return path;
  }
  const above = dirname(folder);
  return above === folder ? null : findConfig(above);
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as unknown;
  } catch (error) {
    throw new Problem(`${path}: ${messageOf(error)}`);
  }
}

/** The default export. What Node cannot run as it is loses its types first, in a copy beside it. */
async function runConfig(path: string): Promise<unknown> {
  const { mtimeMs } = await stat(path);
  try {
    if (!path.endsWith(".ts")) return await defaultExport(path, mtimeMs);
    const { withoutTypes } = await import("./strip-types.ts");
    const code = withoutTypes(await readFile(path, "utf8"), path);
    // A name of its own each time: bundlers load programs at once, and each reads the configuration.
    const copy = `${path}.${randomUUID().slice(0, 8)}.mjs`;
    try {
      await writeFile(copy, code);
      return await defaultExport(copy, mtimeMs);
    } finally {
      await rm(copy, { force: true });
    }
  } catch (error) {
    const common = error instanceof SyntaxError && path.endsWith(".js");
    const help = common
      ? '; `export` wants `"type": "module"` in package.json, or the name nnc.config.ts'
      : "";
    throw new Problem(`${path}: ${messageOf(error)}${help}`);
  }
}

async function defaultExport(path: string, version: number): Promise<unknown> {
  const exported = (await import(`${pathToFileURL(path).href}?${version}`)) as { readonly default?: unknown };
  return exported.default;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

type Check = readonly [what: string, holds: (value: unknown) => boolean];

const oneOf = (...choices: readonly string[]): Check => [
  choices.map((choice) => `"${choice}"`).join(" or "),
  (value) => typeof value === "string" && choices.includes(value),
];
const flag: Check = ["true or false", (value) => typeof value === "boolean"];
const name: Check = ["a name", (value) => typeof value === "string" && value !== ""];
const paths: Check = [
  "a list of paths",
  (value) => Array.isArray(value) && value.every((one) => typeof one === "string"),
];
const settings: Check = [
  "values by the names of hyper-parameters",
  (value) => isRecord(value) && Object.values(value).every((one) => typeof one !== "object"),
];

const choiceChecks: Readonly<Record<string, Check>> = {
  kernels: oneOf("auto", "scalar", "simd"),
  inference: flag,
  model: name,
  recipe: name,
  set: settings,
};
const checks: Readonly<Record<string, Check>> = {
  ...choiceChecks,
  programs: paths,
  target: oneOf("typescript", "javascript"),
  wasm: oneOf("inline", "module"),
  worker: flag,
  sourceMap: flag,
  types: flag,
  files: ["choices by path", isRecord],
};

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function checked(value: unknown, path: string): Config {
  if (!isRecord(value)) throw new Problem(`${path}: an object was expected as its default export`);
  const faults = [
    ...faultsOf(value, checks, ""),
    ...Object.entries(isRecord(value["files"]) ? value["files"] : {}).flatMap(([file, choices]) =>
      isRecord(choices)
        ? faultsOf(choices, choiceChecks, `files["${file}"].`)
        : [`\`files["${file}"]\` must be an object`],
    ),
  ];
  if (faults.length > 0) throw new Problem(`${path}: ${faults.join("; ")}`);
  return value;
}

function faultsOf(
  value: Readonly<Record<string, unknown>>,
  known: Readonly<Record<string, Check>>,
  place: string,
): readonly string[] {
  return Object.entries(value).flatMap(([key, given]) => {
    const check = known[key];
    if (check === undefined)
      return [`there is no \`${place}${key}\`; there are ${Object.keys(known).join(", ")}`];
    const [what, holds] = check;
    return given === undefined || holds(given) ? [] : [`\`${place}${key}\` must be ${what}`];
  });
}

function placed(config: Config, folder: string): Config {
  const { programs, files } = config;
  return {
    ...config,
    ...(programs === undefined ? {} : { programs: programs.map((path) => resolve(folder, path)) }),
    ...(files === undefined
      ? {}
      : {
          files: Object.fromEntries(
            Object.entries(files).map(([path, choices]) => [resolve(folder, path), choices]),
          ),
        }),
  };
}

/** The programs it names: paths, and patterns with `*` for a part of a name, `**` for folders. */
export async function programsOf({ programs = [] }: Config): Promise<readonly string[]> {
  const found: string[] = [];
  for (const program of programs) {
    if (!program.includes("*")) found.push(relative(process.cwd(), program));
    else found.push(...(await matching(program)));
  }
  return [...new Set(found)];
}

async function matching(pattern: string): Promise<readonly string[]> {
  const steps = pattern.split(/[/\\]/);
  const fixed = steps.slice(
    0,
    steps.findIndex((step) => step.includes("*")),
  );
  const folder = fixed.join("/") || "/";
  const rest = steps.slice(fixed.length).join("/");
  const expression = rest
    .replace(/[.+?^${}()|[\]\\]/g, "\\$&")
    .replaceAll("**/", "\0")
    .replaceAll("*", "[^/]*")
    .replaceAll("\0", "(?:.*/)?");
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  return names
    .map((name) => name.replaceAll("\\", "/"))
    .filter((name) => new RegExp(`^${expression}$`).test(name) && !/(^|\/)node_modules\//.test(name))
    .sort()
    .map((name) => relative(process.cwd(), join(folder, name)));
}
