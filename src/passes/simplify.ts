/** Owns simplification: folding and merging in one walk, then dropping what is not needed. */
import { mergeEqualNodes } from "./cse.ts";
import { withoutDeadNodes } from "./dead.ts";
import { foldNode } from "./fold.ts";
import { type Rewriting, pass, sweep } from "./pass.ts";

/**
 * A node is folded and then merged once its operands have their final form, and nothing later changes them: so one
 * walk over the nodes reaches the fixpoint, in time linear in nodes.
 */
export const simplify = pass({
  name: "simplify",
  doc: "`fold`, `cse` and `dead` until nothing changes.",
  on: "graph",
  run: (fn) => withoutDeadNodes(sweep(withoutDeadNodes(fn), foldThenMerge(mergeEqualNodes()))),
});

function foldThenMerge(merge: Rewriting): Rewriting {
  return (node, visited) => {
    const folded = foldNode(node, visited);
    return folded.kind === "value" ? folded : merge(folded.node, visited);
  };
}
