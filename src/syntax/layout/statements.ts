/** Owns how blocks and statements are laid out. */
import { builders } from "prettier/doc";
import type { Block, Choice, Name, Port, Statement } from "../ast.ts";
import { documentationBefore } from "../comments.ts";
import { writtenString } from "../literals.ts";
import {
  argumentsDoc,
  bareStageDoc,
  expressionDoc,
  parametersDoc,
  pipeDoc,
  resultsDoc,
  stageDoc,
  typeDoc,
} from "./expressions.ts";
import { attachedTo, commentRow, rowsOf, stacked, trailing, type Doc, type Page, type Row } from "./page.ts";

const { group, hardline, indent, join, line } = builders;

/** Braces around lines; a single statement that was written on one line stays there while it fits. */
export function blockDoc(page: Page, block: Block): Doc {
  const { opening, closing } = attachedTo(page, block);
  const [only] = block.statements;
  if (only === undefined && opening.length + closing.length === 0) return "{}";
  if (only !== undefined && staysOnOneLine(page, block)) {
    return group(["{", indent([line, statementDoc(page, only)]), line, "}"]);
  }
  const aligned = alignedPorts(block.statements);
  const rows = [
    ...block.statements.flatMap((each) =>
      documentedRows(page, each, statementDoc(page, each, aligned.has(each))),
    ),
    ...closing.map(commentRow),
  ];
  const lines = rows.length === 0 ? "" : indent([hardline, stacked(page, rows)]);
  return ["{", trailing(opening), lines, hardline, "}"];
}

function staysOnOneLine(page: Page, block: Block): boolean {
  const [only, ...others] = block.statements;
  if (only === undefined || others.length > 0 || page.source === null) return false;
  const { opening, closing } = attachedTo(page, block);
  const { before, after } = attachedTo(page, only);
  if (opening.length + closing.length + before.length + after.length > 0) return false;
  if ("doc" in only && only.doc !== null) return false;
  return !/[\n\r]/.test(page.source.text.slice(block.span.start, only.span.start));
}

/** The rows of a declaration or a statement: comments, documentation, text. */
export function documentedRows(
  page: Page,
  node: { readonly span: Statement["span"]; readonly doc?: string | null },
  doc: Doc,
): readonly Row[] {
  if (node.doc === undefined || node.doc === null) return rowsOf(page, node, node.span.start, doc);
  const written =
    page.source === null ? [] : documentationBefore(page.source, page.comments, node.span.start);
  const start = written[0]?.span.start ?? node.span.start;
  const lines = node.doc.split("\n").map((text) => [`/// ${text}`.trimEnd(), hardline]);
  return rowsOf(page, node, start, [lines, doc]);
}

/** Inputs next to targets, whose names begin in one column. */
function alignedPorts(statements: readonly Statement[]): ReadonlySet<Statement> {
  const aligned = new Set<Statement>();
  let run: Port[] = [];
  const close = (): void => {
    if (new Set(run.map(({ kind }) => kind)).size > 1) for (const port of run) aligned.add(port);
    run = [];
  };
  for (const statement of statements) {
    if (statement.kind === "input" || statement.kind === "target") run.push(statement);
    else close();
  }
  close();
  return aligned;
}

const namesText = (names: readonly Name[]): string => names.map(({ text }) => text).join(", ");

function statementDoc(page: Page, statement: Statement, aligned = false): Doc {
  switch (statement.kind) {
    case "input":
    case "target": {
      const { kind, name, type } = statement;
      return [aligned ? kind.padEnd("target".length) : kind, " ", name.text, ": ", typeDoc(page, type)];
    }
    case "param":
    case "state":
    case "carry":
    case "collect": {
      const { kind, name, type, value } = statement;
      return [kind, " ", name.text, ": ", typeDoc(page, type), " = ", expressionDoc(page, value)];
    }
    case "update":
    case "next":
      return [statement.kind, " ", statement.name.text, " = ", expressionDoc(page, statement.value)];
    case "share": {
      const [first, ...rest] = statement.stages;
      const start: Doc = first === undefined ? "" : stageWithoutArrow(page, first);
      return [
        "share ",
        statement.name.text,
        " = ",
        pipeDoc([start, ...rest.map((each) => stageDoc(page, each))]),
      ];
    }
    case "output":
      return ["output ", namesText(statement.names), " = ", expressionDoc(page, statement.value)];
    case "loss":
    case "metric": {
      const { kind, name, named, value } = statement;
      if (!named && value.kind === "call") return [kind, " ", name.text, argumentsDoc(page, value.arguments)];
      return [kind, " ", name.text, " = ", expressionDoc(page, value)];
    }
    case "entry": {
      const { name, parameters, results, body } = statement;
      const head = ["entry ", name.text, parametersDoc(page, parameters), resultsDoc(page, results)];
      return [group(head), " ", blockDoc(page, body)];
    }
    case "require":
      return [
        "require ",
        expressionDoc(page, statement.condition),
        ", ",
        writtenString(statement.reason.value),
      ];
    case "return":
      return ["return ", valuesDoc(statement.values.map((value) => expressionDoc(page, value)))];
    case "choice":
      return choiceDoc(page, statement);
    case "for":
      return [
        "for ",
        statement.variable.text,
        " in ",
        expressionDoc(page, statement.range),
        " ",
        blockDoc(page, statement.body),
      ];
    case "scan": {
      const reversed = statement.reversed ? " reversed" : "";
      const head = [
        "scan ",
        statement.variable.text,
        " over ",
        expressionDoc(page, statement.over),
        reversed,
        " ",
      ];
      return [...head, blockDoc(page, statement.body)];
    }
    case "binding":
      return [namesText(statement.names), " = ", expressionDoc(page, statement.value)];
    case "equation": {
      const indices = statement.indices.map((index) => expressionDoc(page, index));
      return [statement.name.text, "[", join(", ", indices), "] = ", expressionDoc(page, statement.value)];
    }
  }
}

function stageWithoutArrow(page: Page, stage: Parameters<typeof bareStageDoc>[1]): Doc {
  const { before, after } = attachedTo(page, stage);
  return [trailing([...before, ...after]), bareStageDoc(page, stage)];
}

function valuesDoc(values: readonly Doc[]): Doc {
  const [first = "", ...rest] = values;
  return rest.length === 0 ? first : group([first, indent(rest.map((value) => [",", line, value]))]);
}

function choiceDoc(page: Page, { condition, then, otherwise }: Choice): Doc {
  const head = ["if ", expressionDoc(page, condition), " ", blockDoc(page, then)];
  if (otherwise === null) return head;
  return [
    head,
    " else ",
    otherwise.kind === "choice" ? choiceDoc(page, otherwise) : blockDoc(page, otherwise),
  ];
}
