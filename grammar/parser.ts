/** Owns the grammar: one rule for each production, LL(2), making a concrete syntax tree. */
import { EOF, type IToken, type CstNode } from "chevrotain";
import { RecoveringParser } from "./recovery.ts";
import {
  AddSign,
  Arrow,
  Assign,
  Bar,
  Colon,
  Comma,
  Compare,
  Dot,
  DoubleDot,
  Ellipsis,
  LeftBrace,
  LeftBracket,
  LeftParenthesis,
  MultiplySign,
  Name,
  NumberLiteral,
  Power,
  RightBrace,
  RightBracket,
  RightParenthesis,
  StringLiteral,
  tokenTypes,
  Word,
  wordType,
} from "./tokens.ts";

/** Every production of the language. Words that lead a line are told from names by the token that follows them. */
export class Grammar extends RecoveringParser {
  /** `validated` looks for ambiguities, which takes a while: a test does, the compiler need not. */
  constructor(options: { readonly validated: boolean }) {
    super([...tokenTypes], !options.validated);
    this.performSelfAnalysis();
  }

  // Declarations

  readonly file = this.RULE("file", () => {
    this.MANY(() => this.SUBRULE(this.declaration));
    this.CONSUME(EOF);
  });

  readonly declaration = this.RULE("declaration", () => {
    this.OR({
      DEF: [
        { ALT: () => this.SUBRULE(this.importing) },
        { ALT: () => this.SUBRULE(this.constant) },
        { ALT: () => this.SUBRULE(this.definition) },
        { ALT: () => this.SUBRULE(this.model) },
        { ALT: () => this.SUBRULE(this.recipe) },
      ],
      ERR_MSG: "a declaration",
    });
  });

  readonly importing = this.RULE("importing", () => {
    this.CONSUME(wordType("import"));
    this.CONSUME(LeftBrace);
    this.SUBRULE(this.names);
    this.CONSUME(RightBrace);
    this.CONSUME(wordType("from"));
    this.CONSUME(StringLiteral);
  });

  readonly constant = this.RULE("constant", () => {
    this.CONSUME(wordType("const"));
    this.CONSUME(Name);
    this.CONSUME(Assign);
    this.SUBRULE(this.expression);
  });

  readonly definition = this.RULE("definition", () => {
    this.SUBRULE(this.definitionHead);
    this.SUBRULE(this.block);
  });

  readonly definitionHead = this.RULE("definitionHead", () => {
    this.OR([
      { ALT: () => this.CONSUME(wordType("layer"), { LABEL: "sort" }) },
      { ALT: () => this.CONSUME(wordType("metric"), { LABEL: "sort" }) },
      { ALT: () => this.CONSUME(wordType("optimizer"), { LABEL: "sort" }) },
      { ALT: () => this.CONSUME(wordType("schedule"), { LABEL: "sort" }) },
    ]);
    this.CONSUME(Name);
    this.SUBRULE(this.signature);
    this.ACTION(() => this.blockFollows());
  });

  readonly model = this.RULE("model", () => {
    this.SUBRULE(this.modelHead);
    this.SUBRULE(this.block);
  });

  readonly modelHead = this.RULE("modelHead", () => {
    this.CONSUME(wordType("model"));
    this.CONSUME(Name);
    this.OPTION(() => this.SUBRULE(this.parameters));
    this.ACTION(() => this.blockFollows());
  });

  readonly recipe = this.RULE("recipe", () => {
    this.SUBRULE(this.recipeHead);
    this.SUBRULE(this.recipeBody);
  });

  readonly recipeHead = this.RULE("recipeHead", () => {
    this.CONSUME(wordType("train"));
    this.CONSUME(Name);
    this.OPTION(() => {
      this.CONSUME(wordType("as"));
      this.CONSUME2(Name);
    });
    this.ACTION(() => this.blockFollows());
  });

  readonly recipeBody = this.RULE("recipeBody", () => {
    this.CONSUME(LeftBrace);
    this.MANY({ GATE: () => this.startsSetting(), DEF: () => this.SUBRULE(this.setting) });
    this.CONSUME(RightBrace);
  });

  readonly setting = this.RULE("setting", () => {
    this.CONSUME(Name);
    this.CONSUME(Colon);
    this.SUBRULE(this.expression);
    // `over:`, `with:` and `every:` begin another setting.
    this.MANY({ GATE: () => this.LA(2).tokenType !== Colon, DEF: () => this.SUBRULE(this.clause) });
    this.OPTION({ GATE: () => this.LA(2).tokenType !== Colon, DEF: () => this.SUBRULE(this.rhythm) });
  });

  readonly clause = this.RULE("clause", () => {
    this.OPTION(() => {
      this.CONSUME(wordType("over"));
      this.AT_LEAST_ONE_SEP({ SEP: Comma, DEF: () => this.SUBRULE(this.path), ERR_MSG: "a name" });
    });
    this.CONSUME(wordType("with"));
    this.SUBRULE(this.expression);
  });

  readonly rhythm = this.RULE("rhythm", () => {
    this.CONSUME(wordType("every"));
    this.SUBRULE(this.expression);
    this.OR({
      DEF: [
        { ALT: () => this.CONSUME(wordType("steps"), { LABEL: "unit" }) },
        { ALT: () => this.CONSUME(wordType("epochs"), { LABEL: "unit" }) },
      ],
      ERR_MSG: "`steps` or `epochs`",
    });
  });

  readonly path = this.RULE("path", () => {
    this.CONSUME(Name);
    this.MANY(() => this.SUBRULE(this.pathStep));
  });

  readonly pathStep = this.RULE("pathStep", () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(Dot);
          this.CONSUME(Word);
        },
      },
      {
        ALT: () => {
          this.CONSUME(LeftBracket);
          this.SUBRULE(this.expression);
          this.CONSUME(RightBracket);
        },
      },
    ]);
  });

  // Signatures and types

  readonly signature = this.RULE("signature", () => {
    this.SUBRULE(this.parameters);
    this.OPTION(() => this.SUBRULE(this.results));
  });

  readonly parameters = this.RULE("parameters", () => {
    this.CONSUME(LeftParenthesis);
    this.MANY_SEP({ SEP: Comma, DEF: () => this.SUBRULE(this.parameter) });
    this.CONSUME(RightParenthesis);
  });

  readonly parameter = this.RULE("parameter", () => {
    this.CONSUME(Name);
    this.CONSUME(Colon);
    this.SUBRULE(this.type);
    this.OPTION(() => {
      this.CONSUME(Assign);
      this.SUBRULE(this.expression);
    });
  });

  readonly results = this.RULE("results", () => {
    this.CONSUME(Arrow);
    this.AT_LEAST_ONE_SEP({ SEP: Comma, DEF: () => this.SUBRULE(this.result), ERR_MSG: "a type" });
  });

  readonly result = this.RULE("result", () => {
    this.OPTION(() => {
      this.CONSUME(Name);
      this.CONSUME(Colon);
    });
    this.SUBRULE(this.type);
  });

  readonly type = this.RULE("type", () => {
    this.AT_LEAST_ONE_SEP({ SEP: Bar, DEF: () => this.SUBRULE(this.alternative), ERR_MSG: "a type" });
  });

  readonly alternative = this.RULE("alternative", () => {
    this.OR({
      DEF: [
        { ALT: () => this.SUBRULE(this.shape) },
        { ALT: () => this.SUBRULE(this.indexType) },
        { ALT: () => this.SUBRULE(this.layerType) },
        { ALT: () => this.SUBRULE(this.namedType) },
      ],
      ERR_MSG: "a type",
    });
  });

  readonly shape = this.RULE("shape", () => {
    this.CONSUME(LeftBracket);
    this.MANY_SEP({ SEP: Comma, DEF: () => this.SUBRULE(this.expression) });
    this.CONSUME(RightBracket);
  });

  readonly indexType = this.RULE("indexType", () => {
    this.CONSUME(wordType("index"));
    this.CONSUME(LeftParenthesis);
    this.SUBRULE(this.expression);
    this.CONSUME(RightParenthesis);
    this.OPTION(() => this.SUBRULE(this.shape));
  });

  readonly layerType = this.RULE("layerType", () => {
    this.CONSUME(wordType("layer"));
    this.CONSUME(LeftParenthesis);
    this.MANY_SEP({ SEP: Comma, DEF: () => this.SUBRULE(this.type, { LABEL: "tensor" }) });
    this.CONSUME(RightParenthesis);
    this.CONSUME(Arrow);
    this.SUBRULE2(this.type, { LABEL: "result" });
  });

  readonly namedType = this.RULE("namedType", () => {
    this.CONSUME(Name);
    this.OPTION(() => {
      this.CONSUME(Compare);
      this.SUBRULE(this.sum);
    });
  });

  // Statements

  readonly block = this.RULE("block", () => {
    this.CONSUME(LeftBrace);
    this.MANY(() => this.SUBRULE(this.statement));
    this.CONSUME(RightBrace);
  });

  readonly statement = this.RULE("statement", () => {
    this.OR({
      DEF: [
        { ALT: () => this.SUBRULE(this.port) },
        { ALT: () => this.SUBRULE(this.held) },
        { ALT: () => this.SUBRULE(this.advance) },
        { ALT: () => this.SUBRULE(this.share) },
        { ALT: () => this.SUBRULE(this.output) },
        { ALT: () => this.SUBRULE(this.loss) },
        { ALT: () => this.SUBRULE(this.entry) },
        { ALT: () => this.SUBRULE(this.requirement) },
        { ALT: () => this.SUBRULE(this.returning) },
        { ALT: () => this.SUBRULE(this.choice) },
        { ALT: () => this.SUBRULE(this.loop) },
        { ALT: () => this.SUBRULE(this.scan) },
        { ALT: () => this.SUBRULE(this.binding) },
        { ALT: () => this.SUBRULE(this.equation) },
      ],
      ERR_MSG: "a statement",
    });
  });

  readonly port = this.RULE("port", () => {
    this.OR([
      { ALT: () => this.CONSUME(wordType("input"), { LABEL: "kind" }) },
      { ALT: () => this.CONSUME(wordType("target"), { LABEL: "kind" }) },
    ]);
    this.CONSUME(Name);
    this.CONSUME(Colon);
    this.SUBRULE(this.type);
  });

  readonly held = this.RULE("held", () => {
    this.OR([
      { ALT: () => this.CONSUME(wordType("param"), { LABEL: "kind" }) },
      { ALT: () => this.CONSUME(wordType("state"), { LABEL: "kind" }) },
      { ALT: () => this.CONSUME(wordType("carry"), { LABEL: "kind" }) },
      { ALT: () => this.CONSUME(wordType("collect"), { LABEL: "kind" }) },
    ]);
    this.CONSUME(Name);
    this.CONSUME(Colon);
    this.SUBRULE(this.type);
    this.CONSUME(Assign);
    this.SUBRULE(this.expression);
  });

  readonly advance = this.RULE("advance", () => {
    this.OR([
      { ALT: () => this.CONSUME(wordType("update"), { LABEL: "kind" }) },
      { ALT: () => this.CONSUME(wordType("next"), { LABEL: "kind" }) },
    ]);
    this.CONSUME(Name);
    this.CONSUME(Assign);
    this.SUBRULE(this.expression);
  });

  readonly share = this.RULE("share", () => {
    this.CONSUME(wordType("share"));
    this.CONSUME(Name);
    this.CONSUME(Assign);
    this.AT_LEAST_ONE_SEP({ SEP: Arrow, DEF: () => this.SUBRULE(this.stage), ERR_MSG: "a name" });
  });

  readonly output = this.RULE("output", () => {
    this.CONSUME(wordType("output"));
    this.SUBRULE(this.names);
    this.CONSUME(Assign);
    this.SUBRULE(this.expression);
  });

  readonly loss = this.RULE("loss", () => {
    this.OR1([
      { ALT: () => this.CONSUME(wordType("loss"), { LABEL: "kind" }) },
      { ALT: () => this.CONSUME(wordType("metric"), { LABEL: "kind" }) },
    ]);
    this.CONSUME(Name);
    this.OR2({
      DEF: [
        {
          ALT: () => {
            this.CONSUME(Assign);
            this.SUBRULE(this.expression);
          },
        },
        { ALT: () => this.SUBRULE(this.arguments) },
      ],
      ERR_MSG: "`=` or `(`",
    });
  });

  readonly entry = this.RULE("entry", () => {
    this.SUBRULE(this.entryHead);
    this.SUBRULE(this.block);
  });

  readonly entryHead = this.RULE("entryHead", () => {
    this.CONSUME(wordType("entry"));
    this.CONSUME(Name);
    this.SUBRULE(this.parameters);
    this.SUBRULE(this.results);
    this.ACTION(() => this.blockFollows());
  });

  readonly requirement = this.RULE("requirement", () => {
    this.CONSUME(wordType("require"));
    this.SUBRULE(this.expression);
    this.CONSUME(Comma);
    this.CONSUME(StringLiteral);
  });

  readonly returning = this.RULE("returning", () => {
    this.CONSUME(wordType("return"));
    this.AT_LEAST_ONE_SEP({ SEP: Comma, DEF: () => this.SUBRULE(this.expression), ERR_MSG: "an expression" });
  });

  readonly choice = this.RULE("choice", () => {
    this.SUBRULE(this.choiceHead);
    this.SUBRULE(this.block);
    this.MANY(() => {
      this.CONSUME(wordType("else"));
      this.SUBRULE2(this.choiceHead);
      this.SUBRULE2(this.block);
    });
    this.OPTION(() => {
      this.CONSUME2(wordType("else"));
      this.SUBRULE3(this.block, { LABEL: "otherwise" });
    });
  });

  readonly choiceHead = this.RULE("choiceHead", () => {
    this.CONSUME(wordType("if"));
    this.SUBRULE(this.expression);
    this.ACTION(() => this.blockFollows());
  });

  readonly loop = this.RULE("loop", () => {
    this.SUBRULE(this.loopHead);
    this.SUBRULE(this.block);
  });

  readonly loopHead = this.RULE("loopHead", () => {
    this.CONSUME(wordType("for"));
    this.CONSUME(Name);
    this.CONSUME(wordType("in"));
    this.SUBRULE(this.expression);
    this.ACTION(() => this.blockFollows());
  });

  readonly scan = this.RULE("scan", () => {
    this.SUBRULE(this.scanHead);
    this.SUBRULE(this.block);
  });

  readonly scanHead = this.RULE("scanHead", () => {
    this.CONSUME(wordType("scan"));
    this.CONSUME(Name);
    this.CONSUME(wordType("over"));
    this.SUBRULE(this.expression);
    this.OPTION(() => this.CONSUME(wordType("reversed")));
    this.ACTION(() => this.blockFollows());
  });

  readonly binding = this.RULE("binding", () => {
    this.SUBRULE(this.names);
    this.CONSUME(Assign);
    this.SUBRULE(this.expression);
  });

  readonly equation = this.RULE("equation", () => {
    this.CONSUME(Name);
    this.CONSUME(LeftBracket);
    this.MANY_SEP({ SEP: Comma, DEF: () => this.SUBRULE(this.expression, { LABEL: "index" }) });
    this.CONSUME(RightBracket);
    this.CONSUME(Assign);
    this.SUBRULE2(this.expression);
  });

  readonly names = this.RULE("names", () => {
    this.AT_LEAST_ONE_SEP({ SEP: Comma, DEF: () => this.CONSUME(Name), ERR_MSG: "a name" });
  });

  // Expressions, the loosest binding first

  readonly expression = this.RULE("expression", () => {
    this.SUBRULE(this.disjunction);
    this.MANY(() => {
      this.CONSUME(Arrow);
      this.SUBRULE(this.stage);
    });
  });

  readonly stage = this.RULE("stage", () => {
    this.CONSUME(Name);
    this.MANY(() => {
      this.CONSUME(Dot);
      this.CONSUME(Word);
    });
    this.OPTION(() => this.SUBRULE(this.arguments));
  });

  readonly disjunction = this.RULE("disjunction", () => {
    this.AT_LEAST_ONE_SEP({
      SEP: wordType("or"),
      DEF: () => this.SUBRULE(this.conjunction),
      ERR_MSG: "an expression",
    });
  });

  readonly conjunction = this.RULE("conjunction", () => {
    this.AT_LEAST_ONE_SEP({
      SEP: wordType("and"),
      DEF: () => this.SUBRULE(this.negation),
      ERR_MSG: "an expression",
    });
  });

  readonly negation = this.RULE("negation", () => {
    this.OR({
      DEF: [
        {
          ALT: () => {
            this.CONSUME(wordType("not"));
            this.SUBRULE(this.negation);
          },
        },
        { ALT: () => this.SUBRULE(this.comparison) },
      ],
      ERR_MSG: "an expression",
    });
  });

  readonly comparison = this.RULE("comparison", () => {
    this.SUBRULE(this.range);
    this.MANY(() => {
      this.CONSUME(Compare);
      this.SUBRULE2(this.range);
    });
  });

  readonly range = this.RULE("range", () => {
    this.SUBRULE(this.sum);
    this.OPTION(() => {
      this.CONSUME(DoubleDot);
      this.SUBRULE2(this.sum);
    });
  });

  readonly sum = this.RULE("sum", () => {
    this.SUBRULE(this.product);
    this.MANY(() => {
      this.CONSUME(AddSign);
      this.SUBRULE2(this.product);
    });
  });

  readonly product = this.RULE("product", () => {
    this.SUBRULE(this.unary);
    this.MANY(() => {
      this.CONSUME(MultiplySign);
      this.SUBRULE2(this.unary);
    });
  });

  readonly unary = this.RULE("unary", () => {
    this.OR({
      DEF: [
        {
          ALT: () => {
            this.CONSUME(AddSign);
            this.SUBRULE(this.unary);
          },
        },
        {
          ALT: () => {
            this.SUBRULE(this.postfix);
            this.OPTION(() => {
              this.CONSUME(Power);
              this.SUBRULE2(this.unary, { LABEL: "exponent" });
            });
          },
        },
      ],
      ERR_MSG: "an expression",
    });
  });

  readonly postfix = this.RULE("postfix", () => {
    this.SUBRULE(this.primary);
    this.MANY(() => this.SUBRULE(this.suffix));
  });

  readonly suffix = this.RULE("suffix", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.arguments) },
      {
        ALT: () => {
          this.CONSUME(Dot);
          this.CONSUME(Word);
        },
      },
      { ALT: () => this.SUBRULE(this.subscripts) },
    ]);
  });

  readonly primary = this.RULE("primary", () => {
    this.OR({
      DEF: [
        { ALT: () => this.CONSUME(NumberLiteral) },
        { ALT: () => this.CONSUME(StringLiteral) },
        { ALT: () => this.CONSUME(wordType("true")) },
        { ALT: () => this.CONSUME(wordType("false")) },
        { ALT: () => this.CONSUME(Ellipsis) },
        { ALT: () => this.CONSUME(Name) },
        { ALT: () => this.SUBRULE(this.parenthesized) },
        { ALT: () => this.SUBRULE(this.list) },
        { ALT: () => this.SUBRULE(this.conditional) },
      ],
      ERR_MSG: "an expression",
    });
  });

  readonly parenthesized = this.RULE("parenthesized", () => {
    this.CONSUME(LeftParenthesis);
    this.SUBRULE(this.expression);
    this.CONSUME(RightParenthesis);
  });

  readonly list = this.RULE("list", () => {
    this.CONSUME(LeftBracket);
    this.MANY_SEP({ SEP: Comma, DEF: () => this.SUBRULE(this.expression) });
    this.CONSUME(RightBracket);
  });

  readonly conditional = this.RULE("conditional", () => {
    this.SUBRULE(this.conditionalCase);
    this.CONSUME(wordType("else"));
    this.OR({
      DEF: [
        { ALT: () => this.SUBRULE(this.conditional) },
        {
          ALT: () => {
            this.CONSUME(LeftBrace);
            this.SUBRULE(this.expression);
            this.CONSUME(RightBrace);
          },
        },
      ],
      ERR_MSG: "`{` or `if`",
    });
  });

  readonly conditionalCase = this.RULE("conditionalCase", () => {
    this.CONSUME(wordType("if"));
    this.SUBRULE(this.expression, { LABEL: "condition" });
    this.CONSUME(LeftBrace);
    this.SUBRULE2(this.expression);
    this.CONSUME(RightBrace);
  });

  readonly arguments = this.RULE("arguments", () => {
    this.CONSUME(LeftParenthesis);
    this.MANY_SEP({ SEP: Comma, DEF: () => this.SUBRULE(this.argument) });
    this.CONSUME(RightParenthesis);
  });

  readonly argument = this.RULE("argument", () => {
    this.OPTION(() => {
      this.CONSUME(Word);
      this.CONSUME(Colon);
    });
    this.SUBRULE(this.expression);
  });

  readonly subscripts = this.RULE("subscripts", () => {
    this.CONSUME(LeftBracket);
    this.AT_LEAST_ONE_SEP({
      SEP: Comma,
      DEF: () => this.SUBRULE(this.subscript),
      ERR_MSG: "an index or a slice",
    });
    this.CONSUME(RightBracket);
  });

  readonly subscript = this.RULE("subscript", () => {
    this.OR({
      DEF: [
        {
          ALT: () => {
            this.CONSUME1(Colon);
            this.OPTION1(() => this.SUBRULE1(this.expression, { LABEL: "to" }));
          },
        },
        {
          ALT: () => {
            this.SUBRULE2(this.expression, { LABEL: "from" });
            this.OPTION2(() => {
              this.CONSUME2(Colon);
              this.OPTION3(() => this.SUBRULE3(this.expression, { LABEL: "to" }));
            });
          },
        },
      ],
      ERR_MSG: "an index or a slice",
    });
  });

  /** The tree of these tokens, and what went wrong; nothing of it stays in the parser. */
  read(tokens: IToken[]): { readonly tree: CstNode; readonly errors: readonly Mistake[] } {
    this.input = tokens;
    const tree = this.file();
    const errors = this.errors.map((error) => ({
      expected: error.message,
      token: error.token,
      before: (error as { previousToken?: IToken }).previousToken ?? null,
      next: tokens[tokens.indexOf(error.token) + 1] ?? null,
      rule: error.context.ruleStack.at(-1) ?? "file",
    }));
    this.input = [];
    return { tree, errors };
  }
}

/** Where reading failed: what was due, in words, instead of `token`. */
export interface Mistake {
  readonly expected: string;
  readonly token: IToken;
  readonly before: IToken | null;
  /** The token after `token`. */
  readonly next: IToken | null;
  readonly rule: string;
}
