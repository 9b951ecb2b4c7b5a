/** Owns how parsing goes on after a mistake: at the next line that begins something, or at the block of a broken head. */
import {
  CstParser,
  EOF,
  MismatchedTokenException,
  NoViableAltException,
  tokenMatcher,
  type CstNode,
  type IParserErrorMessageProvider,
  type IRecognitionException,
  type IToken,
  type TokenType,
  type TokenVocabulary,
} from "chevrotain";
import type { Place } from "./arrangement.ts";
import { startsDeclaration, startsSetting, startsStatement } from "./beginnings.ts";
import { Assign, Colon, LeftBrace, Name, wordType } from "./tokens.ts";

/** So many mistakes are told; then the rest of the file is left unread. */
export const errorLimit = 100;

/** Rules that hold a sequence of items, each of which begins a line in well-kept text. */
const bodies: ReadonlyMap<string, (tokens: readonly IToken[], index: number) => boolean> = new Map([
  ["file", startsDeclaration],
  ["block", (tokens, index) => startsStatement(tokens, index) || tokens[index]?.tokenType === wordType("if")],
  ["recipeBody", startsSetting],
]);
/** Rules that are one item of such a sequence, each with the rule of the sequence. */
const items: ReadonlyMap<string, string> = new Map([
  ["declaration", "file"],
  ["statement", "block"],
  ["setting", "recipeBody"],
]);
/** Rules that stand before a block: after a mistake in one, its block is read all the same. */
const heads: ReadonlySet<string> = new Set([
  ...["signature", "definitionHead", "modelHead", "recipeHead"],
  ...["entryHead", "choiceHead", "loopHead", "scanHead"],
]);

/** The messages of errors say only what was due; who reports them says the rest. */
const expectations: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected }) => expected.LABEL ?? expected.name,
  buildNotAllInputParsedMessage: () => "a declaration",
  buildNoViableAltMessage: ({ customUserDescription }) => customUserDescription ?? "something else",
  buildEarlyExitMessage: ({ customUserDescription }) => customUserDescription ?? "something else",
};

/** What Chevrotain's parsers have and their published types leave out. */
interface Machinery {
  readonly CST_STACK: readonly CstNode[];
  getCurrRuleFullName(): string;
  exportLexerState(): number;
  importLexerState(state: number): void;
  SAVE_ERROR(error: IRecognitionException): void;
  SKIP_TOKEN(): IToken;
}

/**
 * A parser whose recovery knows lines. Tokens carry their `Place` as payload and have every bracket matched, so that a level
 * says which block a line belongs to.
 */
export abstract class RecoveringParser extends CstParser {
  protected constructor(vocabulary: TokenVocabulary, skipValidations: boolean) {
    super(vocabulary, {
      maxLookahead: 2,
      recoveryEnabled: true,
      nodeLocationTracking: "onlyOffset",
      errorMessageProvider: expectations,
      skipValidations,
    });
  }

  /** Tokens are neither invented nor dropped within a rule: one mistake must not grow into several. */
  protected override canTokenTypeBeInsertedInRecovery(): boolean {
    return false;
  }

  protected override canTokenTypeBeDeletedInRecovery(): boolean {
    return false;
  }

  /** A setting without its `:` is one all the same where it opens a line; elsewhere a word is a mistake in the setting before. */
  protected startsSetting(): boolean {
    return this.LA(2).tokenType === Colon || this.#place(1).opensLine;
  }

  /** Ends a head: what stands before a block is told as a mistake of the head, so that the block is read. */
  protected blockFollows(): void {
    if (this.LA(1).tokenType === LeftBrace) return;
    const error = new MismatchedTokenException(LeftBrace.LABEL!, this.LA(1), this.LA(0));
    this.#machinery.SAVE_ERROR(error);
    throw error;
  }

  /** Called where a repetition ended and what must follow it does not. */
  protected tryInRepetitionRecovery(
    repeat: (...parameters: unknown[]) => void,
    parameters: unknown[],
    anotherBegins: () => boolean,
    due: TokenType,
  ): void {
    const starts = bodies.get(this.#machinery.getCurrRuleFullName());
    if (starts === undefined) return;
    const level = this.#levelOfBody();
    while (!this.#atEnd() && !tokenMatcher(this.LA(1), due)) {
      const steppedBack = starts === bodies.get("block") && this.#stepBackToName(0);
      const expected = steppedBack ? "the rest of this line" : this.#expectedItem();
      this.#machinery.SAVE_ERROR(new NoViableAltException(expected, this.LA(1), this.LA(0)));
      if (this.errors.length >= errorLimit) throw new MismatchedTokenException("", this.LA(1), this.LA(0));
      if (steppedBack) {
        repeat.apply(this, parameters);
        return;
      }
      this.#machinery.SKIP_TOKEN();
      this.#skip(level, starts);
      if (anotherBegins.call(this)) {
        repeat.apply(this, parameters);
        return;
      }
    }
  }

  protected findReSyncTokenType(): TokenType {
    return EOF;
  }

  /** Called in each rule that a mistake ends, from the inside out: whether parsing goes on after this one. */
  protected isInCurrentRuleReSyncSet(): boolean {
    const rule = this.#machinery.getCurrRuleFullName();
    if (rule === "file") return true;
    if (this.errors.length >= errorLimit) return false;
    return items.has(rule) || (heads.has(rule) && this.#blockAhead() !== null);
  }

  protected reSyncTo(): IToken[] {
    const rule = this.#machinery.getCurrRuleFullName();
    const body = items.get(rule);
    const block = heads.has(rule) ? this.#blockAhead() : null;
    if (block !== null) for (let step = 0; step < block; step += 1) this.#machinery.SKIP_TOKEN();
    else if (body === undefined) while (!this.#atEnd()) this.#machinery.SKIP_TOKEN();
    else if (
      body !== "block" ||
      !this.#stepBackToName((this.#startOfRule() ?? Number.POSITIVE_INFINITY) + 1)
    ) {
      const level = this.#levelOfRule();
      if (this.#startOfRule() === null) this.#machinery.SKIP_TOKEN();
      this.#skip(level, bodies.get(body)!);
    }
    return [];
  }

  get #machinery(): Machinery {
    return this as unknown as Machinery;
  }

  #atEnd(): boolean {
    return this.LA(1).tokenType === EOF;
  }

  #place(distance: number): Place {
    return (this.LA(distance).payload as Place | undefined) ?? { level: 0, opensLine: true, supplied: false };
  }

  /** Where the rule being parsed began; null where it took no token yet. */
  #startOfRule(): number | null {
    const start = this.#machinery.CST_STACK.at(-1)?.location?.startOffset;
    return start === undefined || Number.isNaN(start) ? null : start;
  }

  /** The level at which the rule being parsed began. */
  #levelOfRule(): number {
    const start = this.#startOfRule();
    for (let distance = 0; start !== null; distance -= 1) {
      const token = this.LA(distance);
      if (token.tokenType === EOF || token.startOffset < start) break;
      if (token.startOffset === start) return this.#place(distance).level;
    }
    return this.#place(1).level;
  }

  #levelOfBody(): number {
    return this.#machinery.getCurrRuleFullName() === "file" ? 0 : this.#levelOfRule() + 1;
  }

  #expectedItem(): string {
    const rule = this.#machinery.getCurrRuleFullName();
    return rule === "file" ? "a declaration" : rule === "block" ? "a statement" : "a setting";
  }

  /** Skips to the next line at `level` that begins an item, or to the end of the body. */
  #skip(level: number, starts: (tokens: readonly IToken[], index: number) => boolean): void {
    for (; !this.#atEnd(); this.#machinery.SKIP_TOKEN()) {
      const place = this.#place(1);
      if (place.level < level) return;
      if (place.level === level && place.opensLine && starts(this.#ahead(), 0)) return;
    }
  }

  /** The tokens that come next, as many as the beginning of an item is told by. */
  #ahead(): readonly IToken[] {
    return Array.from({ length: 66 }, (_, distance) => this.LA(distance + 1));
  }

  /** How many tokens lie before the block of the head being parsed; null where the item ends before one. */
  #blockAhead(): number | null {
    const level = this.#levelOfRule();
    for (let distance = 1; ; distance += 1) {
      const token = this.LA(distance);
      const place = this.#place(distance);
      if (token.tokenType === EOF || place.level < level) return null;
      if (place.level > level) continue;
      if (token.tokenType === LeftBrace) return distance - 1;
      if (distance > 1 && place.opensLine && tokenMatcher(token, Name)) return null;
    }
  }

  /**
   * After `h = x ->`, the name on the next line was read as a stage: back to it, since its `=` says that it begins a line.
   * Not to a name before `earliest`, where the same would be read again.
   */
  #stepBackToName(earliest: number): boolean {
    const [name, sign] = [this.LA(0), this.LA(1)];
    if (sign.tokenType !== Assign || !tokenMatcher(name, Name) || !this.#place(0).opensLine) return false;
    if (name.startOffset < earliest || this.LA(-1).tokenType === EOF) return false;
    this.#machinery.importLexerState(this.#machinery.exportLexerState() - 1);
    return true;
  }
}
