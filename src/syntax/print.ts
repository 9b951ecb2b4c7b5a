/** Owns how tokens and trees are shown, one fact a line: what `--emit tokens`, `cst` and `ast` print. */
import type { CstNode } from "chevrotain";
import type { Position, Source, Span } from "../text/source.ts";
import type { SourceFile } from "./ast.ts";
import type { Token } from "./parse.ts";

type Locate = (offset: number) => Position;

/** `positionAt` for many offsets of one source. */
function locator(source: Source): Locate {
  const starts = [0];
  for (let at = source.text.indexOf("\n"); at >= 0; at = source.text.indexOf("\n", at + 1))
    starts.push(at + 1);
  return (offset) => {
    let [low, high] = [0, starts.length];
    while (low + 1 < high) {
      const middle = (low + high) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - starts[low]! + 1 };
  };
}

const shownAt = ({ line, column }: Position): string => `${line}:${column}`;

/** Each token on a line: `3:10  Name  hidden`. */
export function printTokens(tokens: readonly Token[]): string {
  const first = tokens[0];
  if (first === undefined) return "";
  const locate = locator(first.span.source);
  const width = Math.max(...tokens.map(({ type }) => type.length));
  return tokens
    .map(({ type, text, span }) => {
      const place = shownAt(locate(span.start)).padEnd(8);
      return `${place}${type.padEnd(width)}  ${JSON.stringify(text).slice(1, -1)}\n`;
    })
    .join("");
}

/** The concrete tree: rules indented, tokens with their text. */
export function printCst(tree: CstNode, source: Source): string {
  const locate = locator(source);
  const lines: string[] = [];
  const visit = (node: CstNode, label: string, depth: number): void => {
    const recovered = node.recoveredNode === true ? "  (recovered)" : "";
    lines.push(`${"  ".repeat(depth)}${label === node.name ? label : `${label}: ${node.name}`}${recovered}`);
    const children = Object.entries(node.children)
      .flatMap(([name, elements]) => elements.map((element) => ({ name, element })))
      .sort((a, b) => offsetOf(a.element) - offsetOf(b.element));
    for (const { name, element } of children) {
      if ("children" in element) visit(element, name, depth + 1);
      else if (element.tokenType.name !== "EOF") {
        const text = element.image === "" ? "(supplied)" : element.image;
        lines.push(`${"  ".repeat(depth + 1)}${name} ${text} ${shownAt(locate(element.startOffset))}`);
      }
    }
  };
  visit(tree, tree.name, 0);
  return `${lines.join("\n")}\n`;
}

function offsetOf(element: CstNode["children"][string][number]): number {
  const offset = "children" in element ? element.location?.startOffset : element.startOffset;
  return offset === undefined || Number.isNaN(offset) ? Number.POSITIVE_INFINITY : offset;
}

/**
 * The syntax tree: a line for each node with its place, `binding 4:3-4:20`, what it holds indented below; names and
 * literals on the line of their field. Fields that hold nothing are left out.
 */
export function printAst(file: SourceFile): string {
  const locate = locator(file.source);
  const shown = (span: Span): string => `${shownAt(locate(span.start))}-${shownAt(locate(span.end))}`;
  const lines: string[] = [];

  const visit = (value: unknown, label: string, depth: number): void => {
    const margin = "  ".repeat(depth);
    const prefix = label === "" ? "" : `${label}: `;
    if (value === null || value === undefined || value === false) return;
    if (Array.isArray(value)) {
      if (value.length === 0) return;
      if (value.every((each) => typeof each === "string")) {
        lines.push(`${margin}${prefix}${value.join(" ")}`);
        return;
      }
      lines.push(`${margin}${label}`);
      for (const each of value) visit(each, "", depth + 1);
      return;
    }
    if (typeof value !== "object") {
      lines.push(`${margin}${prefix}${typeof value === "string" ? JSON.stringify(value) : String(value)}`);
      return;
    }
    const node = value as { readonly kind?: string; readonly span?: Span; readonly [field: string]: unknown };
    const place = node.span === undefined ? "" : ` ${shown(node.span)}`;
    const leaf = leafText(node);
    if (leaf !== null) {
      lines.push(`${margin}${prefix}${leaf}${place}`);
      return;
    }
    lines.push(`${margin}${prefix}${node.kind ?? ""}${place}`.trimEnd());
    for (const [field, each] of Object.entries(node)) {
      if (field !== "kind" && field !== "span" && field !== "source") visit(each, field, depth + 1);
    }
  };
  visit(file, "", 0);
  return `${lines.join("\n")}\n`;
}

/** What fits on one line; null for nodes that have parts. */
function leafText(node: { readonly kind?: string; readonly [field: string]: unknown }): string | null {
  switch (node.kind) {
    case undefined:
      return typeof node["text"] === "string" ? nameOrComment(node["text"], node["documentation"]) : null;
    case "name":
      return `name ${(node["name"] as { readonly text: string }).text}`;
    case "number":
      return `number ${String(node["text"])}`;
    case "string":
      return `string ${JSON.stringify(node["value"])}`;
    case "boolean":
      return `boolean ${String(node["value"])}`;
    case "ellipsis":
    case "missing":
      return node.kind;
    default:
      return null;
  }
}

function nameOrComment(text: string, documentation: unknown): string {
  if (documentation === undefined) return text;
  return `${documentation === true ? "///" : "//"}${text}`.trimEnd();
}
