/** Owns the grammar as a whole: the productions of files and declarations above the others, LL(2), and how it is run. */
import { EOF, type IToken, type CstNode } from "chevrotain";
import { StatementGrammar } from "./statements.ts";
import {
  Assign,
  Colon,
  Comma,
  Dot,
  LeftBrace,
  LeftBracket,
  Name,
  RightBrace,
  RightBracket,
  StringLiteral,
  Word,
  wordType,
  tokenTypes,
} from "./tokens.ts";

/** Every production of the language. Words that lead a line are told from names by the token that follows them. */
export class Grammar extends StatementGrammar {
  /** `validated` looks for ambiguities, which takes a while: a test does, the compiler need not. */
  constructor(options: { readonly validated: boolean }) {
    super([...tokenTypes], !options.validated);
    this.performSelfAnalysis();
  }

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
