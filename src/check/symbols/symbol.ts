/** Owns symbols: what a name in the text stands for, and the places where it is declared. */
import type { Declaration, Definition, Model, Parameter, SourceFile, Statement } from "../../syntax/ast.ts";
import type { Source, Span } from "../../text/source.ts";
import { isTensorType } from "../shapes/signature.ts";

export type SymbolSort =
  | "model"
  | "layer"
  | "metric"
  | "optimizer"
  | "schedule"
  | "constant"
  /** Built into the language: operations, draws, functions of what is known when compiling. */
  | "operation"
  /** What a parameter or state begins as: a namespace of its own, in which `normal` is no draw. */
  | "initializer"
  | "recipe"
  /** Parameters of a signature that are no tensors. */
  | "option"
  | "tensor"
  | "dimension"
  | "input"
  | "target"
  | "parameter"
  | "state"
  | "carry"
  | "collect"
  | "share"
  | "binding"
  | "output"
  | "loss"
  | "score"
  | "entry"
  | "index"
  | "loop";

/** One place that declares a symbol. */
export interface Declared {
  readonly span: Span;
  /** The offset from which text reads this declaration: behind the statement that makes it. */
  readonly from: number;
}

export interface NamedSymbol {
  /** Equal where two files speak of the same thing. */
  readonly id: string;
  readonly name: string;
  readonly sort: SymbolSort;
  readonly source: Source | null;
  /** The declaration in whose body it lives. */
  readonly container: string | null;
  /** In text order; a binding may be made again. */
  readonly declarations: readonly Declared[];
  readonly doc: string | null;
  /** Whether `name(…)` and `-> name` can mean it. */
  readonly callable: boolean;
  /** Made of its call, as in `loss cross_entropy(…)`: no text of its own. */
  readonly derived: boolean;
  readonly node: Declaration | Statement | Parameter | null;
}

export type UseRole = "declares" | "imports" | "reads" | "writes" | "calls" | "labels";

/** A name in the text, and what it stands for. */
export interface Use {
  readonly span: Span;
  readonly symbol: NamedSymbol;
  readonly role: UseRole;
}

/** What lies outside the file that is read. */
export interface World {
  /** A file of the user by its name; null where there is none. */
  readonly fileNamed: (name: string) => SourceFile | null;
  readonly library: (name: string) => { readonly definition: Definition; readonly file: SourceFile } | null;
}

type Declaring = Exclude<Declaration, { readonly kind: "import" | "recipe" }>;

/** The symbol of a declaration: the same from whichever file it is seen. */
export function symbolOfDeclaration(file: SourceFile, declaration: Declaring): NamedSymbol {
  const { name } = declaration;
  return {
    id: `${file.source.name}#${name.text}`,
    name: name.text,
    sort: declaration.kind === "definition" ? declaration.sort : declaration.kind,
    source: file.source,
    container: null,
    declarations: [{ span: name.span, from: 0 }],
    doc: declaration.doc,
    callable: declaration.kind === "definition",
    derived: false,
    node: declaration,
  };
}

/** The symbol of a parameter of a signature. */
export function symbolOfParameter(
  file: SourceFile,
  owner: Definition | Model,
  parameter: Parameter,
): NamedSymbol {
  const { name, type } = parameter;
  const tensor = isTensorType(type);
  const called =
    type.kind === "layerType" ||
    (type.kind === "union" ? type.options : [type]).some(
      (option) => option.kind === "layerType" || (option.kind === "named" && option.name.text === "schedule"),
    );
  return {
    id: `${file.source.name}#${owner.name.text}.${name.text}`,
    name: name.text,
    sort: tensor ? "tensor" : "option",
    source: file.source,
    container: owner.name.text,
    declarations: [{ span: name.span, from: owner.span.start }],
    doc: null,
    callable: called,
    derived: false,
    node: parameter,
  };
}

export function builtInSymbol(name: string, sort: "operation" | "initializer" = "operation"): NamedSymbol {
  return {
    id: `${sort}#${name}`,
    name,
    sort,
    source: null,
    container: null,
    declarations: [],
    doc: null,
    callable: true,
    derived: false,
    node: null,
  };
}
