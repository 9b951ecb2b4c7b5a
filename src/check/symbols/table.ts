/** Owns the names of one body: what its signature and its statements declare. */
import type {
  Block,
  Declaration,
  Entry,
  Expression,
  Name,
  Parameter,
  Result,
  SourceFile,
  Statement,
  Type,
} from "../../syntax/ast.ts";
import type { Span } from "../../text/source.ts";
import { blocksOf } from "../elaborate/children.ts";
import type { Declared, NamedSymbol, SymbolSort } from "./symbol.ts";

/** Values of a body share one name each: a name bound twice in it is one symbol. */
export interface BodyTable {
  readonly owner: Declaration | Entry;
  readonly span: Span;
  readonly values: Map<string, NamedSymbol>;
  /** Outputs, losses and metrics: names of the module, seen by recipes. */
  readonly outputs: Map<string, NamedSymbol>;
  readonly losses: Map<string, NamedSymbol>;
  readonly scores: Map<string, NamedSymbol>;
  /** Of an entry, the body of its model. */
  readonly outer: BodyTable | null;
}

/** Names that stand for what the language gives. */
export const languageNames: ReadonlySet<string> = new Set(["batch", "training", "pi"]);

interface Described {
  readonly sort: SymbolSort;
  readonly name: Name;
  readonly from: number;
  readonly doc?: string | null;
  readonly callable?: boolean;
  readonly derived?: boolean;
  readonly node: NamedSymbol["node"];
}

/** Adds a declaration to a namespace; the first one says what the symbol is. */
export function declare(
  space: Map<string, NamedSymbol>,
  file: SourceFile,
  prefix: string,
  container: string,
  described: Described,
): NamedSymbol {
  const { name, sort, from, node } = described;
  const place: Declared = { span: name.span, from };
  const known = space.get(name.text);
  const symbol: NamedSymbol =
    known === undefined
      ? {
          id: `${file.source.name}#${prefix}${name.text}`,
          name: name.text,
          sort,
          source: file.source,
          container,
          declarations: [place],
          doc: described.doc ?? null,
          callable: described.callable ?? false,
          derived: described.derived ?? false,
          node,
        }
      : {
          ...known,
          declarations: [...known.declarations, place].sort((a, b) => a.span.start - b.span.start),
          callable: known.callable || (described.callable ?? false),
        };
  space.set(name.text, symbol);
  return symbol;
}

const heldSort = { param: "parameter", state: "state", carry: "carry", collect: "collect" } as const;

/** Everything that the statements of a block declare, blocks within included, in text order. */
export function declareStatements(
  table: BodyTable,
  file: SourceFile,
  container: string,
  prefix: string,
  block: Block,
): void {
  const value = (described: Described): void =>
    void declare(table.values, file, prefix, container, described);
  const visit = (statement: Statement): void => {
    const from = statement.span.end;
    const common = { node: statement, from, ...("doc" in statement ? { doc: statement.doc } : {}) };
    switch (statement.kind) {
      case "input":
      case "target":
        value({ ...common, sort: statement.kind, name: statement.name });
        break;
      case "param":
      case "state":
      case "carry":
      case "collect":
        value({ ...common, sort: heldSort[statement.kind], name: statement.name });
        break;
      case "share":
        value({ ...common, sort: "share", name: statement.name, callable: true });
        break;
      case "binding":
        for (const name of statement.names)
          if (name.text !== "_") value({ ...common, sort: "binding", name });
        break;
      case "equation":
        value({ ...common, sort: "binding", name: statement.name });
        break;
      case "for":
      case "scan":
        value({ ...common, sort: "loop", name: statement.variable, from: statement.body.span.start });
        break;
      case "entry":
        value({ ...common, sort: "entry", name: statement.name });
        break;
      case "output":
        for (const name of statement.names)
          declare(table.outputs, file, `${prefix}output `, container, { ...common, sort: "output", name });
        break;
      case "loss":
        declare(table.losses, file, `${prefix}loss `, container, {
          ...common,
          sort: "loss",
          name: statement.name,
          derived: !statement.named,
        });
        break;
      case "metric":
        declare(table.scores, file, `${prefix}metric `, container, {
          ...common,
          sort: "score",
          name: statement.name,
          derived: !statement.named,
        });
        break;
      default:
        break;
    }
    for (const inner of blocksOf(statement)) inner.statements.forEach(visit);
  };
  block.statements.forEach(visit);
}

/** The names within the dimensions of a type, each with its place. */
export function dimensionNames(type: Type): readonly Name[] {
  return dimensionsOf(type).flatMap(namesWithin);
}

/** The sizes that a type speaks of, and what bounds a number. */
export function dimensionsOf(type: Type): readonly Expression[] {
  switch (type.kind) {
    case "shape":
      return type.dimensions;
    case "index":
      return [type.size, ...(type.shape === null ? [] : dimensionsOf(type.shape))];
    case "union":
      return type.options.flatMap(dimensionsOf);
    case "layerType":
      return [...type.tensors, type.result].flatMap(dimensionsOf);
    case "named":
      return type.bound === null ? [] : [type.bound.value];
  }
}

/** Of a dimension such as `2 * n` or `5 <= time <= 256`: plain arithmetic, calls by their arguments. */
function namesWithin(expression: Expression): readonly Name[] {
  switch (expression.kind) {
    case "name":
      return [expression.name];
    case "binary":
      return [...namesWithin(expression.left), ...namesWithin(expression.right)];
    case "comparison":
      return expression.operands.flatMap(namesWithin);
    case "unary":
      return namesWithin(expression.operand);
    case "parenthesized":
      return namesWithin(expression.inner);
    case "call":
      return expression.arguments.flatMap(({ value }) => namesWithin(value));
    case "conditional":
      return [expression.condition, expression.then, expression.otherwise].flatMap(namesWithin);
    default:
      return [];
  }
}

/** Types in the order in which they bind dimensions: the signature, the body's, and what is given, as `[said <= 16]`. */
export function typesOf(
  parameters: readonly Parameter[],
  results: readonly Result[],
  block: Block,
): readonly Type[] {
  const within = (statement: Statement): readonly Type[] => [
    ...("type" in statement ? [statement.type] : []),
    ...blocksOf(statement).flatMap((inner) => inner.statements.flatMap(within)),
  ];
  return [
    ...parameters.map(({ type }) => type),
    ...block.statements.flatMap(within),
    ...results.map(({ type }) => type),
  ];
}
