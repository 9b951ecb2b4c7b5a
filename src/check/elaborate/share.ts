/** Owns reading a parameter of a shared layer by name, as `embed.table`. */
import { noSuchParameter, notYetCalled } from "../../report/catalogue/check.ts";
import { suggest } from "../../report/suggest.ts";
import type { Name } from "../../syntax/ast.ts";
import type { Span } from "../../text/source.ts";
import { type Elaboration, type Scope, complain } from "./elaboration.ts";
import { type Meaning, type Sharing, tensor, unknown } from "../statics/meaning.ts";

export function parameterOfShare(
  elaboration: Elaboration,
  scope: Scope,
  sharing: Sharing,
  steps: readonly Name[],
  span: Span,
): Meaning {
  const wanted = [sharing.path, ...steps.map((step) => step.text)].join(".");
  const held = elaboration.held.get(wanted);
  if (held !== undefined) return tensor(held.value);
  const prefix = `${sharing.path}.`;
  const own = [...elaboration.held.keys()].filter((name) => name.startsWith(prefix));
  const short = own.map((name) => name.slice(prefix.length));
  const member = steps.map((step) => step.text).join(".");
  complain(
    elaboration,
    scope,
    own.length === 0
      ? notYetCalled.build({ span, share: sharing.name, member, sharedAt: sharing.span })
      : noSuchParameter.build({
          span,
          share: sharing.name,
          member,
          known: short,
          suggestion: suggest(member, short),
        }),
  );
  return unknown;
}
