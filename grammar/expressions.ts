/** Owns the productions of expressions, from the loosest binding to the tightest. */
import { RecoveringParser } from "./recovery.ts";
import {
  AddSign,
  Arrow,
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
  Word,
  wordType,
} from "./tokens.ts";

export abstract class ExpressionGrammar extends RecoveringParser {
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
}
