/** Owns random syntax trees: every form of the language, built as reading would build it. */
import fc, { type Arbitrary } from "fast-check";
import { leadingWords, reservedWords } from "../../grammar/tokens.ts";
import type * as ast from "../../src/syntax/ast.ts";

const source = { name: "made.nn", text: "" };
const span = { source, start: 0, end: 0 };

const reserved: ReadonlySet<string> = new Set(reservedWords);
const text = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("x", "y", "batch", "width", "dense", "a_1", "_", "Net", "e2") },
  { weight: 1, arbitrary: fc.constantFrom(...leadingWords) },
  {
    weight: 1,
    arbitrary: fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/).filter((word) => !reserved.has(word)),
  },
);
const name: Arbitrary<ast.Name> = text.map((each) => ({ text: each, span }));
const word: Arbitrary<ast.Name> = fc.oneof(
  { weight: 5, arbitrary: name },
  { weight: 1, arbitrary: fc.constantFrom(...reservedWords).map((each) => ({ text: each, span })) },
);
const doc = fc.option(
  fc
    .array(
      fc.stringMatching(/^[ -~é漢]{0,20}$/).map((line) => line.trimEnd()),
      { minLength: 1, maxLength: 2 },
    )
    .map((lines) => lines.join("\n")),
  { freq: 3 },
);
const string: Arbitrary<ast.StringLiteral> = fc
  .oneof(fc.string({ maxLength: 8 }), fc.constantFrom('"', "\\", "\\n", "a\nb", "\t", "//"))
  .map((value) => ({ kind: "string", span, value: value.replaceAll("\0", "") }));
const number: Arbitrary<ast.NumberLiteral> = fc
  .oneof(fc.nat(99).map(String), fc.constantFrom("0.5", "1e-3", "2E+4", "1.25e3", "007"))
  .map((written) => ({ kind: "number", span, value: Number.parseFloat(written), text: written }));
const comparisonOperator = fc.constantFrom(
  "==",
  "!=",
  "<=",
  ">=",
  "<",
  ">",
) as Arbitrary<ast.ComparisonOperator>;
/** Mostly nothing: expressions of many levels must not grow without end. */
const rarely = <T>(arbitrary: Arbitrary<T>, maxLength = 2): Arbitrary<T[]> =>
  fc.oneof(
    { weight: 7, arbitrary: fc.array(arbitrary, { maxLength: 0 }) },
    { weight: 1, arbitrary: fc.array(arbitrary, { minLength: 1, maxLength }) },
  );
const few = <T>(arbitrary: Arbitrary<T>, minLength = 0, maxLength = 2): Arbitrary<T[]> =>
  fc.array(arbitrary, { minLength, maxLength });

/** The expressions of each production, so that every tree made is one that text can say without further parentheses. */
interface Expressions {
  readonly expression: Arbitrary<ast.Expression>;
  readonly disjunction: Arbitrary<ast.Expression>;
  readonly sum: Arbitrary<ast.Expression>;
  readonly stage: Arbitrary<ast.Stage>;
  readonly arguments: Arbitrary<ast.Argument[]>;
}

const leaf: Arbitrary<ast.Expression> = fc.oneof(
  number,
  string,
  fc.boolean().map((value) => ({ kind: "boolean" as const, span, value })),
  fc.constant({ kind: "ellipsis" as const, span }),
  name.map((each) => ({ kind: "name" as const, span, name: each })),
);

/** `shallow`: what stands inside. */
function level(shallow: Expressions): Expressions {
  const inner = shallow.expression;
  const conditional: Arbitrary<ast.Conditional> = fc
    .tuple(inner, inner, inner)
    .map(([condition, then, otherwise]) => ({ kind: "conditional", span, condition, then, otherwise }));
  const primary: Arbitrary<ast.Expression> = fc.oneof(
    { weight: 12, arbitrary: leaf },
    inner.map((each) => ({ kind: "parenthesized" as const, span, inner: each })),
    few(inner).map((items) => ({ kind: "list" as const, span, items })),
    conditional,
  );
  const subscript: Arbitrary<ast.Subscript> = fc.oneof(
    inner.map((index) => ({ kind: "at" as const, index, span })),
    fc
      .tuple(fc.option(inner), fc.option(inner))
      .map(([from, to]) => ({ kind: "slice" as const, from, to, span })),
  );
  type Suffix = (object: ast.Expression) => ast.Expression;
  const suffix: Arbitrary<Suffix> = fc.oneof(
    shallow.arguments.map((given): Suffix => (callee) => ({ kind: "call", span, callee, arguments: given })),
    word.map((each): Suffix => (object) => ({ kind: "member", span, object, name: each })),
    few(subscript, 1).map((subscripts): Suffix => (object) => ({
      kind: "subscripted",
      span,
      object,
      subscripts,
    })),
  );
  const postfix = fc
    .tuple(primary, rarely(suffix))
    .map(([first, suffixes]) => suffixes.reduce((object, wrap) => wrap(object), first));
  const power = fc
    .tuple(postfix, fc.option(postfix, { freq: 5 }))
    .map(([left, right]) => (right === null ? left : binary(left, "**", right)));
  const unary: Arbitrary<ast.Expression> = fc
    .tuple(rarely(fc.constantFrom("+" as const, "-" as const)), power)
    .map(([signs, operand]) =>
      signs.reduce((each, operator) => ({ kind: "unary", span, operator, operand: each }), operand),
    );
  const product = chain(unary, fc.constantFrom("*", "/", "%", "@"));
  const sum = chain(product, fc.constantFrom("+", "-"));
  const range = fc
    .tuple(sum, fc.option(sum, { freq: 9 }))
    .map(([from, to]): ast.Expression => (to === null ? from : { kind: "range", span, from, to }));
  const comparison = fc
    .tuple(range, rarely(fc.tuple(comparisonOperator, range)))
    .map(([first, rest]): ast.Expression => {
      if (rest.length === 0) return first;
      return {
        kind: "comparison",
        span,
        operands: [first, ...rest.map(([, operand]) => operand)],
        operators: rest.map(([operator]) => operator),
      };
    });
  const negation = fc
    .tuple(fc.nat(6), comparison)
    .map(([times, operand]): ast.Expression =>
      times > 0 ? operand : { kind: "unary", span, operator: "not", operand },
    );
  const disjunction = chain(chain(negation, fc.constant("and")), fc.constant("or"));
  const argument: Arbitrary<ast.Argument> = fc
    .tuple(fc.option(word), shallow.expression)
    .map(([label, value]) => ({ label, value, span }));
  const given = few(argument);
  const stage: Arbitrary<ast.Stage> = fc
    .tuple(name, few(word, 0, 2), fc.option(given))
    .map(([callee, members, each]) => ({ kind: "stage", span, callee, members, arguments: each }));
  const expression = fc
    .tuple(disjunction, rarely(stage, 3))
    .map(([input, stages]): ast.Expression =>
      stages.length === 0 ? input : { kind: "pipe", span, input, stages },
    );
  return { expression, disjunction, sum, stage, arguments: given };
}

function binary(left: ast.Expression, operator: string, right: ast.Expression): ast.Expression {
  return { kind: "binary", span, operator: operator as ast.BinaryOperator, left, right };
}

function chain(operand: Arbitrary<ast.Expression>, operator: Arbitrary<string>): Arbitrary<ast.Expression> {
  return fc
    .tuple(operand, rarely(fc.tuple(operator, operand)))
    .map(([first, rest]) => rest.reduce((left, [sign, right]) => binary(left, sign, right), first));
}

const none: Expressions = {
  expression: leaf,
  disjunction: leaf,
  sum: leaf,
  stage: name.map((callee) => ({ kind: "stage", span, callee, members: [], arguments: null })),
  arguments: fc.constant([]),
};
const once = level(none);
const twice = level(once);
const { sum, stage, arguments: given } = once;
const expression = fc.oneof(
  { weight: 6, arbitrary: leaf },
  { weight: 3, arbitrary: once.expression },
  { weight: 1, arbitrary: twice.expression },
);

const shape: Arbitrary<ast.ShapeType> = few(expression).map((dimensions) => ({
  kind: "shape",
  span,
  dimensions,
}));
const plainType: Arbitrary<ast.Type> = fc.oneof(
  shape,
  fc
    .tuple(expression, fc.option(shape))
    .map(([size, each]) => ({ kind: "index" as const, span, size, shape: each })),
  fc
    .tuple(
      name,
      fc.option(fc.tuple(comparisonOperator, sum).map(([operator, value]) => ({ operator, value }))),
    )
    .map(([each, bound]) => ({ kind: "named" as const, span, name: each, bound })),
);
/** A layer type takes every alternative after its arrow: it can only be the last. */
const type: Arbitrary<ast.Type> = fc
  .tuple(few(plainType, 1, 2), fc.option(fc.tuple(few(plainType), few(plainType, 1, 2)), { freq: 4 }))
  .map(([options, layer]) => {
    if (layer === null) return united(options);
    const [tensors, result] = layer;
    return united([...options, { kind: "layerType", span, tensors, result: united(result) }]);
  });

function united(options: readonly ast.Type[]): ast.Type {
  return options.length === 1 ? options[0]! : { kind: "union", span, options };
}

const parameters = few(
  fc.tuple(name, type, fc.option(expression)).map(([each, its, fallback]): ast.Parameter => ({
    kind: "parameter",
    span,
    name: each,
    type: its,
    fallback,
  })),
);
const results = (least: number): Arbitrary<ast.Result[]> =>
  few(
    fc.tuple(fc.option(name), type).map(([each, its]) => ({ name: each, type: its })),
    least,
    2,
  );
const names = few(name, 1, 3);

const simple: Arbitrary<ast.Statement> = fc.oneof(
  fc
    .tuple(fc.constantFrom("input" as const, "target" as const), doc, name, type)
    .map(([kind, its, each, shaped]) => ({ kind, span, doc: its, name: each, type: shaped })),
  fc
    .tuple(
      fc.constantFrom("param" as const, "state" as const, "carry" as const, "collect" as const),
      doc,
      name,
      type,
      expression,
    )
    .map(([kind, its, each, shaped, value]) => ({ kind, span, doc: its, name: each, type: shaped, value })),
  fc
    .tuple(fc.constantFrom("update" as const, "next" as const), name, expression)
    .map(([kind, each, value]) => ({ kind, span, name: each, value })),
  fc
    .tuple(doc, name, few(stage, 1, 4))
    .map(([its, each, stages]) => ({ kind: "share" as const, span, doc: its, name: each, stages })),
  fc
    .tuple(doc, names, expression)
    .map(([its, each, value]) => ({ kind: "output" as const, span, doc: its, names: each, value })),
  fc
    .tuple(fc.constantFrom("loss" as const, "metric" as const), doc, name, expression)
    .map(([kind, its, each, value]) => ({ kind, span, doc: its, name: each, value, named: true })),
  fc
    .tuple(fc.constantFrom("loss" as const, "metric" as const), doc, name, given)
    .map(([kind, its, each, list]) => ({
      kind,
      span,
      doc: its,
      name: each,
      value: {
        kind: "call" as const,
        span,
        callee: { kind: "name" as const, span, name: each },
        arguments: list,
      },
      named: false,
    })),
  fc
    .tuple(expression, string)
    .map(([condition, reason]) => ({ kind: "require" as const, span, condition, reason })),
  few(expression, 1).map((values) => ({ kind: "return" as const, span, values })),
  fc
    .tuple(doc, names, expression)
    .map(([its, each, value]) => ({ kind: "binding" as const, span, doc: its, names: each, value })),
  fc.tuple(doc, name, few(expression), expression).map(([its, each, indices, value]) => ({
    kind: "equation" as const,
    span,
    doc: its,
    name: each,
    indices,
    value,
  })),
);

const blockOf = (statement: Arbitrary<ast.Statement>): Arbitrary<ast.Block> =>
  few(statement).map((statements) => ({ kind: "block", span, statements }));

function compound(statement: Arbitrary<ast.Statement>): Arbitrary<ast.Statement> {
  const body = blockOf(statement);
  const choice: Arbitrary<ast.Choice> = fc
    .tuple(few(fc.tuple(expression, body), 1, 3), fc.option(body))
    .map(([branches, last]) => {
      const otherwise = branches.reduceRight<ast.Choice | ast.Block | null>(
        (rest, [condition, then]) => ({ kind: "choice", span, condition, then, otherwise: rest }),
        last,
      );
      return otherwise as ast.Choice;
    });
  return fc.oneof(
    { weight: 4, arbitrary: simple },
    choice,
    fc
      .tuple(name, expression, body)
      .map(([variable, range, block]) => ({ kind: "for" as const, span, variable, range, body: block })),
    fc.tuple(name, expression, fc.boolean(), body).map(([variable, over, reversed, block]) => ({
      kind: "scan" as const,
      span,
      variable,
      over,
      reversed,
      body: block,
    })),
    fc.tuple(doc, name, parameters, results(1), body).map(([its, each, list, given, block]) => ({
      kind: "entry" as const,
      span,
      doc: its,
      name: each,
      parameters: list,
      results: given,
      body: block,
    })),
  );
}
const block = blockOf(fc.oneof({ weight: 4, arbitrary: compound(simple) }, compound(compound(simple))));

const path: Arbitrary<ast.Path> = fc
  .tuple(
    name,
    few(
      fc.oneof(
        word.map((each) => ({ kind: "member" as const, name: each })),
        expression.map((index) => ({ kind: "at" as const, index })),
      ),
    ),
  )
  .map(([head, steps]) => ({ kind: "path", span, head, steps }));
const setting: Arbitrary<ast.Setting> = fc
  .tuple(
    name,
    expression,
    few(
      fc.tuple(few(path), expression).map(([over, value]) => ({ over, with: value })),
      0,
      2,
    ),
    fc.option(
      fc
        .tuple(expression, fc.constantFrom("steps" as const, "epochs" as const))
        .map(([count, unit]) => ({ count, unit })),
    ),
  )
  .map(([key, value, clauses, every]) => ({ kind: "setting", span, key, value, clauses, every }));

const declaration: Arbitrary<ast.Declaration> = fc.oneof(
  fc.tuple(names, string).map(([each, from]) => ({ kind: "import" as const, span, names: each, from })),
  fc
    .tuple(doc, name, expression)
    .map(([its, each, value]) => ({ kind: "constant" as const, span, doc: its, name: each, value })),
  fc
    .tuple(
      doc,
      fc.constantFrom("layer", "metric", "optimizer", "schedule") as Arbitrary<ast.Definition["sort"]>,
      name,
      parameters,
      results(0),
      block,
    )
    .map(([its, sort, each, list, given, body]) => ({
      kind: "definition" as const,
      span,
      doc: its,
      sort,
      name: each,
      parameters: list,
      results: given,
      body,
    })),
  fc.tuple(doc, name, parameters, block).map(([its, each, list, body]) => ({
    kind: "model" as const,
    span,
    doc: its,
    name: each,
    parameters: list,
    body,
  })),
  fc.tuple(doc, name, fc.option(name), few(setting)).map(([its, model, alias, settings]) => ({
    kind: "recipe" as const,
    span,
    doc: its,
    model,
    alias,
    settings,
  })),
);

/** A file of every kind of declaration, statement, type and expression. */
export const sourceFile: Arbitrary<ast.SourceFile> = few(declaration, 1, 4).map((declarations) => ({
  kind: "file",
  source,
  span,
  declarations,
  comments: [],
}));
