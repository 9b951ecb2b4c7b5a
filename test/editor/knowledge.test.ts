/** Owns the proof that what editors say of built-in names leaves none of them out. */
import { describe, expect, it } from "vitest";
import { builtins, formalsOfBuiltin } from "../../src/check/elaborate/builtin.ts";
import { initialNames } from "../../src/check/elaborate/initializer.ts";
import { formsOf, orderOf } from "../../src/check/model/forms.ts";
import { settingKeys } from "../../src/check/model/recipe.ts";
import { staticFunctions } from "../../src/check/statics/arithmetic.ts";
import { operations } from "../../src/ops/index.ts";
import { columnKinds } from "../../src/tools/data/forms.ts";
import { formats, optionsOf } from "../../src/tools/data/formats.ts";
import {
  builtInDocs,
  initializerDocs,
  parameterTexts,
  staticDocs,
} from "../../src/tools/lsp/knowledge/built-ins.ts";
import { formNames, signatureOfForm } from "../../src/tools/lsp/knowledge/recipe-forms.ts";
import { keyHelp } from "../../src/tools/lsp/knowledge/recipe-keys.ts";

const named = (form: string, key: string, within: string | null): readonly string[] =>
  signatureOfForm(form, key, within)!.parameters.flatMap(({ name }) => (name === "" ? [] : [name]));

describe("recipes", () => {
  it("have each key, each form, and each option told of", () => {
    expect(Object.keys(keyHelp).sort()).toEqual([...settingKeys].sort());
    for (const format of formats) expect(named(format, "data", null)).toEqual(optionsOf[format]);
    for (const [column, { options }] of Object.entries(columnKinds))
      expect(named(column, "data", "csv")).toEqual(options);
    for (const [key, forms] of Object.entries(formsOf))
      for (const form of forms) expect(named(form, key, null)).toEqual(orderOf[form]);
    expect(formNames("validate", null)).toEqual(formsOf.validate);
    expect(formNames("minimize", null)).toEqual([]);
  });
});

describe("what is built in", () => {
  it("has documentation, and its parameters a type", () => {
    expect([...builtins].filter((name) => builtInDocs[name] === undefined)).toEqual([]);
    const formals = [...builtins].flatMap((name) =>
      (formalsOfBuiltin(name) ?? []).map(({ name: formal }) => formal),
    );
    expect(formals.filter((name) => parameterTexts[name] === undefined)).toEqual([]);
    const functions = [...staticFunctions].filter((name) => !operations.has(name));
    expect(functions.filter((name) => staticDocs[name] === undefined)).toEqual([]);
    expect([...initialNames].filter((name) => initializerDocs[name] === undefined)).toEqual([]);
  });
});
