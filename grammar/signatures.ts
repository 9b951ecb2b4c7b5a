/** Owns the productions of signatures and types. */
import { ExpressionGrammar } from "./expressions.ts";
import {
  Arrow,
  Assign,
  Bar,
  Colon,
  Comma,
  Compare,
  LeftBracket,
  LeftParenthesis,
  Name,
  RightBracket,
  RightParenthesis,
  wordType,
} from "./tokens.ts";

export abstract class SignatureGrammar extends ExpressionGrammar {
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
}
