/** Owns the abstract syntax tree: what a `.nn` file says, each node with its span; comments are kept beside the tree. */
import type { Source, Span } from "../text/source.ts";

export interface SourceFile {
  readonly kind: "file";
  readonly source: Source;
  readonly span: Span;
  readonly declarations: readonly Declaration[];
  /** Comments in order of their place: `//` and `///` (`documentation`). */
  readonly comments: readonly Comment[];
}

export interface Comment {
  readonly documentation: boolean;
  /** The text after the slashes, without the line break. */
  readonly text: string;
  readonly span: Span;
}

export interface Name {
  readonly text: string;
  readonly span: Span;
}

export type Declaration = Import | Constant | Definition | Model | Recipe;

export interface Import {
  readonly kind: "import";
  readonly span: Span;
  readonly names: readonly Name[];
  readonly from: StringLiteral;
}

export interface Constant {
  readonly kind: "constant";
  readonly span: Span;
  readonly doc: string | null;
  readonly name: Name;
  readonly value: Expression;
}

export interface Definition {
  readonly kind: "definition";
  readonly span: Span;
  readonly doc: string | null;
  readonly sort: "layer" | "metric" | "optimizer" | "schedule";
  readonly name: Name;
  readonly parameters: readonly Parameter[];
  readonly results: readonly Result[];
  readonly body: Block;
}

export interface Model {
  readonly kind: "model";
  readonly span: Span;
  readonly doc: string | null;
  readonly name: Name;
  readonly parameters: readonly Parameter[];
  readonly body: Block;
}

export interface Recipe {
  readonly kind: "recipe";
  readonly span: Span;
  readonly doc: string | null;
  readonly model: Name;
  readonly alias: Name | null;
  readonly settings: readonly Setting[];
}

/** `key: value over … with …, … every n steps` */
export interface Setting {
  readonly kind: "setting";
  readonly span: Span;
  readonly key: Name;
  readonly value: Expression;
  readonly clauses: readonly { readonly over: readonly Path[]; readonly with: Expression }[];
  readonly every: { readonly count: Expression; readonly unit: "steps" | "epochs" } | null;
}

/** `encoder.dense.w`, `stage[1].block` */
export interface Path {
  readonly kind: "path";
  readonly span: Span;
  readonly head: Name;
  readonly steps: readonly (
    { readonly kind: "member"; readonly name: Name } | { readonly kind: "at"; readonly index: Expression }
  )[];
}

export interface Parameter {
  readonly kind: "parameter";
  readonly span: Span;
  readonly name: Name;
  readonly type: Type;
  readonly fallback: Expression | null;
}

export interface Result {
  readonly name: Name | null;
  readonly type: Type;
}

/** Alternatives joined by `|`; a single one stands alone. */
export type Type = UnionType | ShapeType | IndexType | LayerType | NamedType;

export interface UnionType {
  readonly kind: "union";
  readonly span: Span;
  readonly options: readonly Type[];
}
/** `[batch, n]`: a float tensor */
export interface ShapeType {
  readonly kind: "shape";
  readonly span: Span;
  readonly dimensions: readonly Expression[];
}
/** `index(10)[batch]` */
export interface IndexType {
  readonly kind: "index";
  readonly span: Span;
  readonly size: Expression;
  readonly shape: ShapeType | null;
}
/** `layer([batch, n]) -> [batch, m]` */
export interface LayerType {
  readonly kind: "layerType";
  readonly span: Span;
  readonly tensors: readonly Type[];
  readonly result: Type;
}
/** `int`, `float`, `bool`, `string`, `schedule`, `list`, a word of an enumeration, `int <= 1000` */
export interface NamedType {
  readonly kind: "named";
  readonly span: Span;
  readonly name: Name;
  readonly bound: { readonly operator: ComparisonOperator; readonly value: Expression } | null;
}

export interface Block {
  readonly kind: "block";
  readonly span: Span;
  readonly statements: readonly Statement[];
}

export type Statement =
  | Port
  | Held
  | Advance
  | Share
  | Output
  | Loss
  | Entry
  | Require
  | Return
  | Choice
  | Loop
  | Scan
  | Binding
  | Equation;

/** `input x: [4]`, `target y: index(3)` */
export interface Port {
  readonly kind: "input" | "target";
  readonly span: Span;
  readonly doc: string | null;
  readonly name: Name;
  readonly type: Type;
}
/** `param w: [n] = zeros()`, `state`, `carry`, `collect` */
export interface Held {
  readonly kind: "param" | "state" | "carry" | "collect";
  readonly span: Span;
  readonly doc: string | null;
  readonly name: Name;
  readonly type: Type;
  readonly value: Expression;
}
/** `update v = …`, `next h = …` */
export interface Advance {
  readonly kind: "update" | "next";
  readonly span: Span;
  readonly name: Name;
  readonly value: Expression;
}
/** `share encoder = dense(128) -> relu` */
export interface Share {
  readonly kind: "share";
  readonly span: Span;
  readonly doc: string | null;
  readonly name: Name;
  readonly stages: readonly Stage[];
}
export interface Output {
  readonly kind: "output";
  readonly span: Span;
  readonly doc: string | null;
  readonly names: readonly Name[];
  readonly value: Expression;
}
/** `loss name = e`, `loss call(…)`, `metric …`; without a name it is called after its call. */
export interface Loss {
  readonly kind: "loss" | "metric";
  readonly span: Span;
  readonly doc: string | null;
  readonly name: Name;
  /** A call when the line was written as one. */
  readonly value: Expression;
  readonly named: boolean;
}
export interface Entry {
  readonly kind: "entry";
  readonly span: Span;
  readonly doc: string | null;
  readonly name: Name;
  readonly parameters: readonly Parameter[];
  readonly results: readonly Result[];
  readonly body: Block;
}
export interface Require {
  readonly kind: "require";
  readonly span: Span;
  readonly condition: Expression;
  readonly reason: StringLiteral;
}
export interface Return {
  readonly kind: "return";
  readonly span: Span;
  readonly values: readonly Expression[];
}
export interface Choice {
  readonly kind: "choice";
  readonly span: Span;
  readonly condition: Expression;
  readonly then: Block;
  readonly otherwise: Block | Choice | null;
}
export interface Loop {
  readonly kind: "for";
  readonly span: Span;
  readonly variable: Name;
  readonly range: Expression;
  readonly body: Block;
}
export interface Scan {
  readonly kind: "scan";
  readonly span: Span;
  readonly variable: Name;
  readonly over: Expression;
  readonly reversed: boolean;
  readonly body: Block;
}
/** `a, b = e`; `_` drops one */
export interface Binding {
  readonly kind: "binding";
  readonly span: Span;
  readonly doc: string | null;
  readonly names: readonly Name[];
  readonly value: Expression;
}
/** `y[b, i < n - 2] = e` */
export interface Equation {
  readonly kind: "equation";
  readonly span: Span;
  readonly doc: string | null;
  readonly name: Name;
  readonly indices: readonly Expression[];
  readonly value: Expression;
}

export type ComparisonOperator = "==" | "!=" | "<=" | ">=" | "<" | ">";
export type BinaryOperator = "+" | "-" | "*" | "/" | "%" | "@" | "**" | "and" | "or";

export type Expression =
  | NumberLiteral
  | StringLiteral
  | BooleanLiteral
  | Ellipsis
  | Reference
  | Parenthesized
  | List
  | Conditional
  | Pipe
  | Binary
  | Comparison
  | Range
  | Unary
  | Call
  | Member
  | Subscripted
  | Missing;

export interface NumberLiteral {
  readonly kind: "number";
  readonly span: Span;
  readonly value: number;
  /** As written: `1e-3` stays `1e-3` when printed. */
  readonly text: string;
}
export interface StringLiteral {
  readonly kind: "string";
  readonly span: Span;
  readonly value: string;
}
export interface BooleanLiteral {
  readonly kind: "boolean";
  readonly span: Span;
  readonly value: boolean;
}
export interface Ellipsis {
  readonly kind: "ellipsis";
  readonly span: Span;
}
export interface Reference {
  readonly kind: "name";
  readonly span: Span;
  readonly name: Name;
}
export interface Parenthesized {
  readonly kind: "parenthesized";
  readonly span: Span;
  readonly inner: Expression;
}
export interface List {
  readonly kind: "list";
  readonly span: Span;
  readonly items: readonly Expression[];
}
export interface Conditional {
  readonly kind: "conditional";
  readonly span: Span;
  readonly condition: Expression;
  readonly then: Expression;
  readonly otherwise: Expression;
}
/** `x -> dense(64) -> relu`: one node for the whole chain */
export interface Pipe {
  readonly kind: "pipe";
  readonly span: Span;
  readonly input: Expression;
  readonly stages: readonly Stage[];
}
/** One station of a pipe or a `share`: `dense(64)`, `relu`, `tower.head(3)`. */
export interface Stage {
  readonly kind: "stage";
  readonly span: Span;
  readonly callee: Name;
  readonly members: readonly Name[];
  /** Null without parentheses. */
  readonly arguments: readonly Argument[] | null;
}
export interface Argument {
  readonly label: Name | null;
  readonly value: Expression;
  readonly span: Span;
}
export interface Binary {
  readonly kind: "binary";
  readonly span: Span;
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}
/** Chained: `0 <= rate < 1` has three operands and two operators. */
export interface Comparison {
  readonly kind: "comparison";
  readonly span: Span;
  readonly operands: readonly Expression[];
  readonly operators: readonly ComparisonOperator[];
}
export interface Range {
  readonly kind: "range";
  readonly span: Span;
  readonly from: Expression;
  readonly to: Expression;
}
export interface Unary {
  readonly kind: "unary";
  readonly span: Span;
  readonly operator: "+" | "-" | "not";
  readonly operand: Expression;
}
export interface Call {
  readonly kind: "call";
  readonly span: Span;
  readonly callee: Expression;
  readonly arguments: readonly Argument[];
}
export interface Member {
  readonly kind: "member";
  readonly span: Span;
  readonly object: Expression;
  readonly name: Name;
}
export interface Subscripted {
  readonly kind: "subscripted";
  readonly span: Span;
  readonly object: Expression;
  readonly subscripts: readonly Subscript[];
}
/** `x[:, -1, 2:5]`: an index, or a slice with either end left out */
export type Subscript =
  | { readonly kind: "at"; readonly index: Expression; readonly span: Span }
  | {
      readonly kind: "slice";
      readonly from: Expression | null;
      readonly to: Expression | null;
      readonly span: Span;
    };

/** Stands where the parser recovered; already reported, so nothing is said of it again. */
export interface Missing {
  readonly kind: "missing";
  readonly span: Span;
}
