/** Owns hovers: what a name stands for, its shape, what a call costs, its documentation and its equation. */
import type { Hover } from "vscode-languageserver";
import { type Fact } from "../../../check/check.ts";
import type { NamedSymbol, Use } from "../../../check/symbols/index.ts";
import type { Frame } from "../../../ir/frame.ts";
import type { IndexNode, Node, Value } from "../../../ir/graph.ts";
import type { Network } from "../../../ir/network.ts";
import { printComprehension } from "../../../ir/print-comprehension.ts";
import { literalValue } from "../../../ir/dimension.ts";
import { type Span, textOf } from "../../../text/source.ts";
import { multiplyAddsWithin, within } from "../../multiply-adds.ts";
import { grouped } from "../../terminal/numbers.ts";
import { type Analysis, declarationBefore, useAt } from "../analysis.ts";
import { plainWordAt } from "../plain-word.ts";
import { type PositionParams, type Session, placeOf, readersOf, toldOf } from "../session.ts";
import { signatureOf, signatureText } from "../knowledge/signature.ts";
import { shapeText } from "../shape-text.ts";

/** Longer bodies are not shown whole. */
const mostLines = 14;
const mostEquations = 6;

export function hover(session: Session, params: PositionParams): Hover | null {
  const place = placeOf(session, params);
  if (place === null) return null;
  const { analysis, offset } = place;
  const use = useAt(analysis.index(), offset);
  if (use === null) return plainHover(session, analysis, offset);
  const parts = [
    code([heading(session, analysis, use)]),
    ...callParts(session, analysis, use),
    use.symbol.doc ?? signatureOf(use.symbol)?.doc ?? null,
    ...equationParts(session, analysis, use),
  ];
  return {
    contents: { kind: "markdown", value: parts.filter((part) => part !== null).join("\n\n") },
    range: session.places.range(use.span),
  };
}

function code(lines: readonly string[]): string {
  return `\`\`\`nn\n${lines.join("\n")}\n\`\`\``;
}

/** The head of a definition, or a name with its type. */
function heading(session: Session, analysis: Analysis, use: Use): string {
  const { symbol } = use;
  const signature = signatureOf(symbol);
  const sort = symbol.sort === "operation" ? "" : `${headWord(symbol)} `;
  if (signature !== null) {
    const bare = symbol.sort === "operation" && signature.parameters.length === 0;
    return `${sort}${bare ? symbol.name : signatureText(signature)}`;
  }
  const shapes = shapesOf(session, analysis, use);
  if (shapes.length > 0) return `${sort}${symbol.name}: ${shapes.join(" | ")}`;
  const { node } = symbol;
  if (node === null) return `${sort}${symbol.name}`;
  if (node.kind === "parameter") return `${sort}${textOf(node.span)}`;
  const line = textOf(node.span).split("\n")[0]!.trim();
  return node.kind === "binding" || node.kind === "equation" || symbol.sort === "index"
    ? line
    : line.slice(0, 160);
}

function headWord({ sort }: NamedSymbol): string {
  switch (sort) {
    case "parameter":
      return "param";
    case "tensor":
    case "option":
    case "binding":
    case "loop":
    case "index":
      return "";
    case "constant":
      return "const";
    case "score":
      return "metric";
    default:
      return sort;
  }
}

/** As checking told of the declaration that this text reads. */
function shapesOf(session: Session, analysis: Analysis, { symbol, span }: Use): readonly string[] {
  const declared = declarationBefore(symbol, span.start);
  if (declared === null || symbol.callable) return [];
  return factsAt(session, analysis, declared.span)
    .filter(({ kind, span: at }) => kind !== "stage" && kind !== "call" && at.end === declared.span.end)
    .map(({ text }) => text)
    .filter((text, place, all) => all.indexOf(text) === place);
}

/** What checking told of a place, as far as this file is concerned: of the library, what its calls here make of it. */
function factsAt(session: Session, analysis: Analysis, { source, start }: Span): readonly Fact[] {
  return readersOf(session, analysis.source.name).flatMap((reader) =>
    toldOf(session, reader).facts.filter(
      ({ span }) => span.source.name === source.name && span.start === start,
    ),
  );
}

/** Of a call: the shape it gives, its parameters and its multiply-adds. */
function callParts(session: Session, analysis: Analysis, { role, span }: Use): readonly string[] {
  if (role !== "calls") return [];
  const shapes = factsAt(session, analysis, span)
    .filter(({ kind }) => kind === "stage" || kind === "call")
    .map(({ text }) => shapeText(text));
  const gives =
    shapes.length === 0 ? [] : [`gives ${[...new Set(shapes)].map((shape) => `\`${shape}\``).join(", ")}`];
  const costs = networksNow(session, analysis).flatMap((network) => {
    const asked = askedAt(analysis, span.start);
    const parameters = network.parameters.filter(({ frame }) => within(frame, asked));
    const numbers = parameters.reduce(
      (sum, { type }) =>
        sum + type.shape.reduce((size, dimension) => size * (literalValue(dimension) ?? 1), 1),
      0,
    );
    const work = multiplyAddsWithin(network, asked);
    return [
      ...(numbers > 0 ? [`${grouped(numbers)} parameters`] : []),
      ...(work > 0 ? [`${grouped(work)} multiply-adds a sample`] : []),
    ];
  });
  const text = [...gives, ...costs].join(" · ");
  return text === "" ? [] : [text];
}

/** The places within a network are those of its own text: while a newer one waits to be checked, nothing is said. */
function networksNow({ client }: Session, analysis: Analysis): readonly Network[] {
  return client.refresh && analysis.checked.sofar() === null ? [] : analysis.networks();
}

function askedAt({ source }: Analysis, start: number): (frame: Frame) => boolean {
  return ({ span }) => span.source.name === source.name && span.start === start;
}

/** The definition where it is short; of a call also what it became. */
function equationParts(session: Session, analysis: Analysis, use: Use): readonly string[] {
  const { node } = use.symbol;
  const body = node?.kind === "definition" ? textOf(node.span).split("\n") : [];
  const shown = body.length > 0 && body.length <= mostLines && use.role !== "declares" ? [code(body)] : [];
  if (use.role !== "calls") return shown;
  const equations = networksNow(session, analysis).flatMap((network) => equationsOf(network, analysis, use));
  return equations.length === 0 ? shown : [...shown, code(equations)];
}

/** Those within recurrences too. */
function everyNode(nodes: readonly Node[]): readonly IndexNode[] {
  return nodes.flatMap((node) => (node.kind === "scan" ? everyNode(node.nodes) : [node]));
}

/** The contractions that a call became, in index notation. */
function equationsOf(network: Network, analysis: Analysis, { span }: Use): readonly string[] {
  const asked = askedAt(analysis, span.start);
  const nodes = everyNode(network.predict.nodes).filter(
    ({ frame, comprehension }) => within(frame, asked) && comprehension.reducer !== null,
  );
  const nameOf = (value: Value | undefined): string => (value?.name ?? "x").split(".").at(-1)!;
  const lines = nodes.map(({ comprehension, operands, result }) =>
    printComprehension(comprehension, result.name ?? "y", (operand) => nameOf(operands[operand])),
  );
  const all = [...new Set(lines)];
  return all.length > mostEquations ? [...all.slice(0, mostEquations), "…"] : all;
}

function plainHover(session: Session, analysis: Analysis, offset: number): Hover | null {
  const word = plainWordAt(analysis, offset);
  if (word === null) return null;
  const { token, head, doc } = word;
  const value = [...(head === null ? [] : [code([head])]), ...(doc === "" ? [] : [doc])].join("\n\n");
  return { contents: { kind: "markdown", value }, range: session.places.range(token.span) };
}
