/** Owns what a name before `(` or after `->` can call: layers at hand, the file's own, the library's, operations. */
import { libraryIndex } from "../../library/table.generated.ts";
import { operations } from "../../ops/index.ts";
import { staticFunctions } from "../statics/arithmetic.ts";
import { builtins } from "./builtin.ts";
import type { Elaboration, Scope } from "./elaboration.ts";
import { initializerNames } from "./initializer.ts";
import type { Callee } from "../statics/meaning.ts";

export function findCallable(elaboration: Elaboration, scope: Scope, name: string): Callee | null {
  const bound = scope.bindings.get(name)?.meaning;
  if (bound?.kind === "layer") return { kind: "layer", layer: bound };
  if (bound?.kind === "schedule") return { kind: "schedule", schedule: bound };
  const own = scope.file.definitions.get(name);
  if (own !== undefined) return { kind: "definition", definition: own.declaration, home: own.home() };
  // In `augment` lines `shift` is the library's `random_shift`.
  const augments = scope.kind === "recipe" && scope.binding.startsWith("augment");
  const drawn = augments ? elaboration.program.libraryDefinition(`random_${name}`) : null;
  if (drawn !== null) return { kind: "definition", ...drawn };
  const shared = elaboration.program.libraryDefinition(name);
  if (shared !== null) return { kind: "definition", ...shared };
  if (builtins.has(name)) return { kind: "builtin", name };
  const operation = operations.get(name);
  if (operation !== undefined) return { kind: "operation", operation };
  return staticFunctions.has(name) ? { kind: "builtin", name } : null;
}

/** All names that could be called here, for suggestions. */
export function callableNames(_elaboration: Elaboration, scope: Scope): readonly string[] {
  const bound = [...scope.bindings].flatMap(([name, { meaning }]) =>
    meaning.kind === "layer" ? [name] : [],
  );
  return [
    ...bound,
    ...scope.file.definitions.keys(),
    ...libraryIndex.keys(),
    ...builtins,
    ...operations.keys(),
    ...initializerNames,
  ];
}
