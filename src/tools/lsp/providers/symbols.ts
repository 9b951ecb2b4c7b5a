/** Owns the outline of a file and the search for declarations in all files. */
import { type DocumentSymbol, SymbolKind, type SymbolInformation } from "vscode-languageserver";
import type { Block, Declaration, Name, Parameter, Statement } from "../../../syntax/ast.ts";
import type { Span } from "../../../text/source.ts";
import { blocksOf } from "../../../check/elaborate/children.ts";
import { type DocumentParams, type Session, analysisOf } from "../session.ts";

export function documentSymbols(session: Session, params: DocumentParams): DocumentSymbol[] {
  const analysis = analysisOf(session, params);
  return analysis === null
    ? []
    : analysis.file.declarations.flatMap((declaration) => ofDeclaration(session, declaration));
}

/** Declarations of every file whose names hold the letters of the query in order. */
export function workspaceSymbols(session: Session, query: string): SymbolInformation[] {
  return session.workspace.names().flatMap((name) => {
    const analysis = session.analyses.of(name);
    if (analysis === null) return [];
    return analysis.file.declarations.flatMap((declaration) =>
      declaration.kind === "import" || declaration.kind === "recipe" || !matches(declaration.name.text, query)
        ? []
        : [
            {
              name: declaration.name.text,
              kind: kindOf(declaration),
              location: session.places.location(declaration.name.span),
            },
          ],
    );
  });
}

function matches(name: string, query: string): boolean {
  let at = 0;
  for (const letter of query.toLowerCase()) {
    at = name.toLowerCase().indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

function kindOf(declaration: Declaration): SymbolKind {
  switch (declaration.kind) {
    case "model":
      return SymbolKind.Class;
    case "constant":
      return SymbolKind.Constant;
    case "recipe":
      return SymbolKind.Event;
    default:
      return SymbolKind.Function;
  }
}

function ofDeclaration(session: Session, declaration: Declaration): DocumentSymbol[] {
  const make = maker(session);
  switch (declaration.kind) {
    case "import":
      return [];
    case "constant":
      return make(declaration.name, declaration.span, SymbolKind.Constant, "const", []);
    case "recipe": {
      const alias = declaration.alias === null ? "" : ` as ${declaration.alias.text}`;
      const settings = declaration.settings.flatMap(({ key, span }) =>
        make(key, span, SymbolKind.Property, "", []),
      );
      return make(declaration.model, declaration.span, SymbolKind.Event, `train${alias}`, settings);
    }
    case "model":
    case "definition": {
      const sort = declaration.kind === "model" ? "model" : declaration.sort;
      const inner = [...ofParameters(session, declaration.parameters), ...ofBlock(session, declaration.body)];
      return make(declaration.name, declaration.span, kindOf(declaration), sort, inner);
    }
  }
}

function maker(session: Session) {
  return (
    { text, span: selection }: Name,
    span: Span,
    kind: SymbolKind,
    detail: string,
    children: DocumentSymbol[],
  ): DocumentSymbol[] =>
    text === ""
      ? []
      : [
          {
            name: text,
            detail,
            kind,
            range: session.places.range(span),
            selectionRange: session.places.range(selection),
            children,
          },
        ];
}

function ofParameters(session: Session, parameters: readonly Parameter[]): DocumentSymbol[] {
  return parameters.flatMap(({ name, span }) =>
    maker(session)(name, span, SymbolKind.Variable, "parameter", []),
  );
}

function ofBlock(session: Session, block: Block): DocumentSymbol[] {
  return block.statements.flatMap((statement) => ofStatement(session, statement));
}

function ofStatement(session: Session, statement: Statement): DocumentSymbol[] {
  const make = maker(session);
  const { span } = statement;
  switch (statement.kind) {
    case "input":
    case "target":
      return make(statement.name, span, SymbolKind.Interface, statement.kind, []);
    case "param":
    case "state":
    case "carry":
    case "collect":
      return make(statement.name, span, SymbolKind.Field, statement.kind, []);
    case "share":
      return make(statement.name, span, SymbolKind.Method, "share", []);
    case "loss":
    case "metric":
      return make(statement.name, span, SymbolKind.Property, statement.kind, []);
    case "output":
      return statement.names.flatMap((name) => make(name, span, SymbolKind.Property, "output", []));
    case "entry":
      return make(statement.name, span, SymbolKind.Method, "entry", ofBlock(session, statement.body));
    case "binding":
      return statement.names.flatMap((name) =>
        name.text === "_" ? [] : make(name, span, SymbolKind.Variable, "", []),
      );
    case "equation":
      return make(statement.name, span, SymbolKind.Variable, "", []);
    default:
      return blocksOf(statement).flatMap((block) => ofBlock(session, block));
  }
}
