/** Owns the language for CodeMirror 6: `StreamLanguage.define(nn)`. */
import type { StreamParser } from "@codemirror/language";
import table from "../../../grammar/nn.highlight.json" with { type: "json" };

interface State {
  /** Open brackets, for indentation. */
  readonly depth: number;
  /** Whether a pipe or a declaring word came just before: the next name is what is called or declared. */
  readonly expects: "callee" | "definition" | null;
}

const number = new RegExp(table.number);
const control = new Set([...table.control, ...table.logical]);
const constants = new Set(table.constants);
const language = new Set(table.language);
const types = new Set(table.types);
const declaring = new Set(table.declaring);
const leading = new Set([...table.declaring, ...table.leading]);
const clauses = new Set(table.clauses);
const operators = table.operators;

/** One state a line: nothing but the depth of brackets outlives it. */
const nn: StreamParser<{ now: State }> = {
  name: "nn",
  startState: () => ({ now: { depth: 0, expects: null } }),
  copyState: ({ now }) => ({ now }),
  token(stream, state) {
    if (stream.eatSpace()) return null;
    const { depth, expects } = state.now;
    const next = (deeper: number, then: State["expects"] = null): void => {
      state.now = { depth: Math.max(0, depth + deeper), expects: then };
    };
    if (stream.match(new RegExp(table.documentation))) return "docComment";
    if (stream.match(new RegExp(table.comment))) return "lineComment";
    if (stream.match(/"(?:[^"\\]|\\.)*"?/)) return (next(0), "string");
    if (stream.match(number)) return (next(0), "number");
    const word = stream.match(/[A-Za-z_]\w*/);
    if (typeof word === "object" && word !== null) return (next(0), wordClass(word[0]));
    if (stream.match("->")) return (next(0, "callee"), "operator");
    if (stream.match(/[({[]/)) return (next(1), "bracket");
    if (stream.match(/[)}\]]/)) return (next(-1), "bracket");
    if (operators.some((sign) => stream.match(sign))) return (next(0), "operator");
    stream.next();
    next(0);
    return "punctuation";

    function wordClass(text: string): string {
      if (control.has(text)) return "keyword";
      if (constants.has(text)) return "bool";
      if (stream.match(/\s*:/, false)) return "propertyName";
      if (expects === "callee") return "variableName.function";
      if (expects === "definition") return "variableName.definition";
      const following = stream.match(/\s+([A-Za-z_{]\w*)/, false);
      const leads = typeof following === "object" && following !== null && !clauses.has(following[1]!);
      if (leads && leading.has(text)) {
        if (declaring.has(text) && text !== "import") next(0, "definition");
        return "keyword";
      }
      if (clauses.has(text) && stream.match(/\s*[\w("{]/, false)) return "keyword";
      if (types.has(text)) return "typeName";
      if (language.has(text)) return "variableName.standard";
      return stream.match(/\s*\(/, false) ? "variableName.function" : "variableName";
    }
  },
  indent: ({ now }, textAfter, { unit }) =>
    Math.max(0, now.depth - (/^[)}\]]/.test(textAfter) ? 1 : 0)) * unit,
  languageData: {
    commentTokens: { line: "//" },
    closeBrackets: { brackets: ["(", "[", "{", '"'] },
    indentOnInput: /^\s*[)}\]]$/,
  },
};

export default nn;
