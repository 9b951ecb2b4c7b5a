/** Owns the registration for Shiki: `createHighlighter({ langs: [nn], … })`. */
import grammar from "../../../grammar/nn.tmLanguage.json" with { type: "json" };

/** The TextMate grammar under the name and the aliases that fenced code blocks use. */
const nn = { ...grammar, name: "nn", displayName: "nn", aliases: ["nnc"] };

export default nn;
