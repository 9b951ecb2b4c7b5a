/** Owns how a recipe says that columns become numbers: `"age"`, `category("movieId")`, `characters("word", end: true)`. */
import type { Static, StaticCall } from "../../ir/network.ts";
import { Problem } from "../problem.ts";

export interface ColumnForm {
  /** `values` are numbers, or words where indices are due; `category` numbers whatever occurs, numbers too. */
  readonly kind: "values" | "category" | "characters" | "words";
  /** The columns, in order; several where a sample has several elements. */
  readonly columns: readonly string[];
  /** Stands in for cells without a value; null where these are refused. */
  readonly missing: string | null;
  /** A sequence is closed by symbol 0. */
  readonly end: boolean;
  /** Symbols that are too rare for the vocabulary become one of their own, instead of a refusal. */
  readonly unknown: boolean;
  /** Longer sequences are cut, instead of refused. */
  readonly cut: boolean;
}

const plain = { missing: null, end: false, unknown: false, cut: false };

export const columnKinds = {
  column: { kind: "values", options: ["missing"] },
  category: { kind: "category", options: ["missing"] },
  characters: { kind: "characters", options: ["end", "unknown", "cut"] },
  words: { kind: "words", options: ["end", "unknown", "cut"] },
} as const;

/** The form of one argument; `where` is the source, for messages. */
export function columnForm(given: Static | StaticCall, where: string): ColumnForm {
  if (!isCall(given)) return { ...plain, kind: "values", columns: columnNames(given, where) };
  const known = columnKinds[given.call as keyof typeof columnKinds] as
    (typeof columnKinds)[keyof typeof columnKinds] | undefined;
  if (known === undefined) {
    throw refusal(
      `${where} has no columns of the form \`${given.call}(…)\``,
      `there are ${Object.keys(columnKinds).join(", ")}`,
    );
  }
  const [columns, ...more] = given.positional;
  if (columns === undefined || more.length > 0)
    throw refusal(`${where}: \`${given.call}(…)\` takes the name of a column, or a list of names`);
  const { named } = given;
  const foreign = Object.keys(named).find((name) => !(known.options as readonly string[]).includes(name));
  if (foreign !== undefined) {
    throw refusal(
      `${where}: \`${given.call}(…)\` has no option \`${foreign}\``,
      `there are ${known.options.join(", ")}`,
    );
  }
  const flag = (name: string): boolean => {
    const value = named[name] ?? false;
    if (typeof value === "boolean") return value;
    throw refusal(`${where}: \`${name}\` of \`${given.call}(…)\` is \`true\` or \`false\``);
  };
  const { missing = null } = named;
  if (missing !== null && typeof missing !== "number" && typeof missing !== "string")
    throw refusal(`${where}: \`missing\` of \`${given.call}(…)\` is a number or a word`);
  return {
    kind: known.kind,
    columns: columnNames(columns, where),
    missing: missing === null ? null : String(missing),
    end: flag("end"),
    unknown: flag("unknown"),
    cut: flag("cut"),
  };
}

/** What a column is by default: the one of the slot's own name, or those that are found for it. */
export const ownColumns: ColumnForm = { ...plain, kind: "values", columns: [] };

export function isCall(given: Static | StaticCall): given is StaticCall {
  return typeof given === "object" && "call" in given;
}

function columnNames(given: Static, where: string): readonly string[] {
  const names = typeof given === "object" ? given : [given];
  if (names.length > 0 && names.every((name) => typeof name === "string")) return names;
  throw refusal(`${where} names a column by text, not by \`${JSON.stringify(given)}\``);
}

function refusal(message: string, help?: string): Problem {
  return new Problem(message, { exitCode: 1, help });
}
