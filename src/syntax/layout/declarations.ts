/** Owns how declarations are laid out. */
import { builders } from "prettier/doc";
import type { Declaration, Recipe, Setting, SourceFile } from "../ast.ts";
import { writtenString } from "../literals.ts";
import { expressionDoc, parametersDoc, pathDoc, resultsDoc } from "./expressions.ts";
import { attachedTo, commentRow, rowsOf, stacked, trailing, type Doc, type Page } from "./page.ts";
import { blockDoc, documentedRows } from "./statements.ts";

const { group, hardline, indent, join, line } = builders;

export function fileDoc(page: Page, file: SourceFile): Doc {
  const rows = [
    ...file.declarations.flatMap((each) => documentedRows(page, each, declarationDoc(page, each))),
    ...attachedTo(page, file).closing.map(commentRow),
  ];
  return rows.length === 0 ? "" : [stacked(page, rows, "spread"), hardline];
}

function declarationDoc(page: Page, declaration: Declaration): Doc {
  switch (declaration.kind) {
    case "import": {
      const names = declaration.names.map(({ text }) => text);
      const list = group(["{", indent([line, join([",", line], names)]), line, "}"]);
      return ["import ", list, " from ", writtenString(declaration.from.value)];
    }
    case "constant":
      return ["const ", declaration.name.text, " = ", expressionDoc(page, declaration.value)];
    case "definition": {
      const { sort, name, parameters, results, body } = declaration;
      const head = [sort, " ", name.text, parametersDoc(page, parameters), resultsDoc(page, results)];
      return [group(head), " ", blockDoc(page, body)];
    }
    case "model": {
      const { name, parameters, body } = declaration;
      const given = parameters.length === 0 ? "" : parametersDoc(page, parameters);
      return ["model ", name.text, given, " ", blockDoc(page, body)];
    }
    case "recipe":
      return recipeDoc(page, declaration);
  }
}

/** The values of a recipe begin in one column. */
function recipeDoc(page: Page, recipe: Recipe): Doc {
  const { opening, closing } = attachedTo(page, recipe);
  const alias = recipe.alias === null ? "" : ` as ${recipe.alias.text}`;
  const head = ["train ", recipe.model.text, alias, " {", trailing(opening)];
  const width = Math.max(...recipe.settings.map(({ key }) => key.text.length));
  const rows = [
    ...recipe.settings.flatMap((each) => rowsOf(page, each, each.span.start, settingDoc(page, each, width))),
    ...closing.map(commentRow),
  ];
  if (rows.length === 0) return opening.length === 0 ? [...head, "}"] : [...head, hardline, "}"];
  return [...head, indent([hardline, stacked(page, rows)]), hardline, "}"];
}

function settingDoc(page: Page, { key, value, clauses, every }: Setting, width: number): Doc {
  const more = clauses.map(({ over, with: given }): Doc => {
    const paths = join(
      ", ",
      over.map((path) => pathDoc(page, path)),
    );
    return [line, over.length === 0 ? "" : ["over ", paths, " "], "with ", expressionDoc(page, given)];
  });
  const rhythm = every === null ? "" : [line, "every ", expressionDoc(page, every.count), " ", every.unit];
  return group([`${key.text}:`.padEnd(width + 2), expressionDoc(page, value), indent([more, rhythm])]);
}
