/** Owns the productions of blocks and statements. */
import { SignatureGrammar } from "./signatures.ts";
import {
  Arrow,
  Assign,
  Colon,
  Comma,
  LeftBrace,
  LeftBracket,
  Name,
  RightBrace,
  RightBracket,
  StringLiteral,
  wordType,
} from "./tokens.ts";

export abstract class StatementGrammar extends SignatureGrammar {
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
}
