/** Owns where in a program the cursor is, told from the tokens before it: that works in the middle of writing. */
import type { Token } from "../../syntax/parse.ts";

export type Place =
  /** In a comment or a text that nothing is known of. */
  | { readonly kind: "nowhere" }
  | { readonly kind: "path"; readonly written: string }
  | { readonly kind: "imported"; readonly rest: string }
  | { readonly kind: "declaration" }
  | { readonly kind: "type" }
  | { readonly kind: "dimension" }
  | { readonly kind: "model" }
  | { readonly kind: "statement" }
  | { readonly kind: "value" }
  | {
      readonly kind: "callee";
      readonly of: "stage" | "augmentation" | "loss" | "metric" | "optimizer" | "initializer";
    }
  | { readonly kind: "held" }
  | { readonly kind: "key" }
  /** Behind `key:` in a `train` block. */
  | { readonly kind: "setting"; readonly key: string }
  /** Behind `over` in a `train` block: what of the model is moved. */
  | { readonly kind: "part" }
  | { readonly kind: "score" }
  | { readonly kind: "argument"; readonly call: CallPlace }
  | { readonly kind: "labelled"; readonly call: CallPlace; readonly label: string };

/** An open call: what is called, and which argument the cursor is in. */
export interface CallPlace {
  readonly callee: Token;
  /** Whether a pipe hands it its first tensor. */
  readonly piped: boolean;
  readonly position: number;
  readonly labels: readonly string[];
  /** The label of the argument at the cursor. */
  readonly label: string | null;
  /** What the call is an argument of, as `csv` of `csv(…, word: characters(…))`. */
  readonly within: string | null;
}

export interface Context {
  readonly place: Place;
  /** The part of a word before the cursor. */
  readonly word: string;
  readonly wordStart: number;
  /** The innermost open call. */
  readonly call: CallPlace | null;
  /** The model of the `train` block around the cursor. */
  readonly recipe: string | null;
  /** The key of the setting that the cursor is in. */
  readonly key: string | null;
}

interface Open {
  readonly sign: "(" | "[" | "{";
  readonly at: number;
  /** The declaring word whose block a brace opens. */
  readonly header: string | null;
  readonly name: string | null;
  readonly signature: boolean;
}

const declaring = new Set(["layer", "metric", "optimizer", "schedule", "model", "train", "const", "import"]);
const isWord = (token: Token | undefined): boolean =>
  token !== undefined && /^[A-Za-z_]\w*$/.test(token.text);
const isComment = (token: Token): boolean => token.type.endsWith("Comment");
const isString = (token: Token): boolean => token.type === "String" || token.type === "UnclosedString";
const operators = new Set(
  [
    "=",
    "==",
    "!=",
    "<",
    ">",
    "<=",
    ">=",
    "+",
    "-",
    "*",
    "/",
    "%",
    "@",
    "**",
    "..",
    "and",
    "or",
    "not",
  ].concat(["return", "in", "if", "require"]),
);

export function contextAt(all: readonly Token[], text: string, offset: number): Context {
  const inside = all.find(
    (token) =>
      token.span.start < offset &&
      (offset < token.span.end ||
        (offset === token.span.end && (isComment(token) || token.type === "UnclosedString"))),
  );
  const word = /[A-Za-z_]\w*$/.exec(text.slice(0, offset))?.[0] ?? "";
  const wordStart = offset - word.length;
  const before = all.filter((token) => !isComment(token) && token.span.end <= wordStart);
  const open = openAt(before, text);
  const top = open.at(-1) ?? null;
  const call = innermostCall(open, before);
  const training = open.find(({ header }) => header === "train");
  const recipe = training?.name ?? null;
  const key = training === undefined ? null : keyBefore(before, training);
  const context = (place: Place): Context => ({ place, word, wordStart, call, recipe, key });
  if (inside !== undefined && isComment(inside)) return context({ kind: "nowhere" });
  if (inside !== undefined && isString(inside)) {
    const from = before.findLast((token) => token.span.end <= inside.span.start)?.text === "from";
    const written = text.slice(inside.span.start + 1, offset);
    return context(from ? { kind: "path", written } : { kind: "nowhere" });
  }
  return context(placeOf(before, text, wordStart, top, call, key, all));
}

function placeOf(
  before: readonly Token[],
  text: string,
  wordStart: number,
  top: Open | null,
  call: CallPlace | null,
  key: string | null,
  all: readonly Token[],
): Place {
  const last = before.at(-1);
  const [second, third] = [before.at(-2), before.at(-3)];
  if (last?.text === ".") return second?.text === "val" ? { kind: "score" } : { kind: "nowhere" };
  if (top?.header === "import") return importPlace(all, wordStart);
  if (last?.text === "->") {
    if (second?.text === ")" && (top === null || behindSignature(before.slice(0, -1))))
      return { kind: "type" };
    return { kind: "callee", of: key === "augment" ? "augmentation" : "stage" };
  }
  if (top === null) {
    if (last?.text === "train" || last?.text === "as")
      return { kind: last.text === "as" ? "nowhere" : "model" };
    if (last !== undefined && declaring.has(last.text)) return { kind: "nowhere" };
    return last?.text === "=" ? { kind: "value" } : { kind: "declaration" };
  }
  if (top.sign === "(" && top.signature) {
    if (last?.text === ":" || last?.text === "|") return { kind: "type" };
    return last?.text === "=" ? { kind: "value" } : { kind: "nowhere" };
  }
  if (top.sign === "[") return bracketPlace(before, top);
  if (top.sign === "(") {
    if (call === null) return { kind: "value" };
    if (last?.text === ":" && isWord(second)) return { kind: "labelled", call, label: second!.text };
    return last?.text === "(" || last?.text === "," ? { kind: "argument", call } : { kind: "value" };
  }
  const fresh =
    last === undefined || last.text === "{" || text.slice(last.span.end, wordStart).includes("\n");
  if (top.header === "train") {
    if (last?.text === "with") return { kind: "callee", of: "optimizer" };
    if (last?.text === "over") return { kind: "part" };
    if (last?.text === ":" && key !== null) return { kind: "setting", key };
    if (fresh && last !== undefined && !operators.has(last.text)) return { kind: "key" };
    return key === null ? { kind: "key" } : { kind: "setting", key };
  }
  switch (last?.text) {
    case "loss":
      return { kind: "callee", of: "loss" };
    case "metric":
      return { kind: "callee", of: "metric" };
    case "update":
    case "next":
      return { kind: "held" };
    case "over":
      return { kind: "dimension" };
    case ":":
      return isWord(second) &&
        ["input", "target", "param", "state", "carry", "collect"].includes(third?.text ?? "")
        ? { kind: "type" }
        : { kind: "value" };
  }
  if (last?.text === "=" && third?.text === "share") return { kind: "callee", of: "stage" };
  if (last?.text === "=" && behindHeld(before)) return { kind: "callee", of: "initializer" };
  if (last !== undefined && operators.has(last.text)) return { kind: "value" };
  return fresh || last?.text === "}" ? { kind: "statement" } : { kind: "value" };
}

/** Whether the `)` at the end closes the parameters of an entry. */
function behindSignature(before: readonly Token[]): boolean {
  const name = openerOf(before, before.length - 1);
  return name !== null && before[before.indexOf(name) - 1]?.text === "entry";
}

/** What stands before the `(` that the `)` at a place closes. */
function openerOf(before: readonly Token[], closing: number): Token | null {
  let depth = 0;
  for (let at = closing; at >= 0; at -= 1) {
    if (before[at]!.text === ")") depth += 1;
    if (before[at]!.text === "(") depth -= 1;
    if (depth === 0) return before[at - 1] ?? null;
  }
  return null;
}

/** Whether the `=` at the end is that of `param w: […] =` or `state s: […] =`. */
function behindHeld(before: readonly Token[]): boolean {
  const colon = before.findLastIndex(({ text }) => text === ":");
  const word = before[colon - 2];
  const between = before.slice(colon + 1, -1);
  return (
    (word?.text === "param" || word?.text === "state") &&
    between.every(({ text }) => !["=", "{", "}"].includes(text))
  );
}

/** In a shape there are dimensions, elsewhere in brackets any value. */
function bracketPlace(before: readonly Token[], top: Open): Place {
  const opener = before[top.at - 1]?.text;
  if (opener === ")" && openerOf(before, top.at - 1)?.text === "index") return { kind: "dimension" };
  return opener === ":" || opener === "->" || opener === "|" ? { kind: "dimension" } : { kind: "value" };
}

function importPlace(all: readonly Token[], wordStart: number): Place {
  const following = all.filter(({ span }) => span.start >= wordStart);
  const from = following.findIndex(({ text }) => text === "from");
  const path = from === -1 || from > 40 ? undefined : following[from + 1];
  return { kind: "imported", rest: path !== undefined && isString(path) ? path.text.slice(1, -1) : "" };
}

function keyBefore(before: readonly Token[], top: Open): string | null {
  for (let at = before.length - 1; at > top.at + 1; at -= 1)
    if (before[at]!.text === ":" && isWord(before[at - 1]) && !/[(,]/.test(before[at - 2]?.text ?? ""))
      return before[at - 1]!.text;
  return null;
}

/** The brackets that are open; a brace and a declaration at the start of a line close what was left open. */
function openAt(before: readonly Token[], text: string): readonly Open[] {
  let open: Open[] = [];
  let header: { readonly word: string; readonly name: string | null } | null = null;
  for (const [at, token] of before.entries()) {
    const { start } = token.span;
    const leadsLine = start === 0 || text[start - 1] === "\n";
    if (declaring.has(token.text) && (leadsLine || open.length === 0)) {
      const next = before[at + 1];
      if (leadsLine && isWord(next)) open = [];
      if (open.length === 0) header = { word: token.text, name: isWord(next) ? next!.text : null };
    }
    if (token.text === "(" || token.text === "[" || token.text === "{") {
      const sign = token.text;
      const declared = isWord(before[at - 1]) ? before[at - 2]?.text : undefined;
      const signature = sign === "(" && (open.length === 0 || declared === "entry") && declared !== undefined;
      if (sign === "{") open = open.filter((outer) => outer.sign === "{");
      const outermost: boolean = open.length === 0;
      open.push({
        sign,
        at,
        header: sign === "{" && outermost ? (header?.word ?? null) : null,
        name: sign === "{" && outermost ? (header?.name ?? null) : null,
        signature: signature && (declaring.has(declared!) || declared === "entry"),
      });
    } else if (token.text === ")" || token.text === "]") {
      const opening = token.text === ")" ? "(" : "[";
      const match = open.findLastIndex(({ sign }) => sign === opening || sign === "{");
      if (match !== -1 && open[match]!.sign === opening) open = open.slice(0, match);
    } else if (token.text === "}") {
      const match = open.findLastIndex(({ sign }) => sign === "{");
      open = match === -1 ? [] : open.slice(0, match);
    }
  }
  return open;
}

function innermostCall(open: readonly Open[], before: readonly Token[]): CallPlace | null {
  const within = open.slice(open.findLastIndex(({ sign }) => sign === "{") + 1);
  const calls = within.filter(
    ({ sign, at, signature }) => sign === "(" && !signature && isWord(before[at - 1]),
  );
  const found = calls.at(-1);
  if (found === undefined) return null;
  const callee = before[found.at - 1]!;
  const outer = calls.at(-2);
  const labels: string[] = [];
  let [position, depth] = [0, 0];
  let label: string | null = null;
  for (let at = found.at + 1; at < before.length; at += 1) {
    const { text } = before[at]!;
    if (/^[([{]$/.test(text)) depth += 1;
    else if (/^[)\]}]$/.test(text)) depth -= 1;
    else if (depth === 0 && text === ",") [position, label] = [position + 1, null];
    else if (depth === 0 && text === ":" && /^[(,]$/.test(before[at - 2]?.text ?? "")) {
      label = before[at - 1]!.text;
      labels.push(label);
    }
  }
  return {
    callee,
    piped: before[found.at - 2]?.text === "->",
    position,
    labels,
    label,
    within: outer === undefined ? null : before[outer.at - 1]!.text,
  };
}
