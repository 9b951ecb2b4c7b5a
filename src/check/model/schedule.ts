/** Owns schedules: run in place, as scalar nodes of the step and the number of steps. */
import type { Span } from "../../text/source.ts";
import { givenMeaning } from "../elaborate/arguments.ts";
import { type Duties, type Elaboration, type Scope, noDuties, pathOf } from "../elaborate/elaboration.ts";
import { openDefinition } from "../elaborate/layer.ts";
import {
  type Given,
  type Meaning,
  type ScheduleMeaning,
  numeric,
  plain,
  tensor,
  unknown,
} from "../statics/meaning.ts";
import { tensorDue } from "../elaborate/operations.ts";
import { runBlock } from "../elaborate/statement.ts";

const scheduleDuties: Duties = { ...noDuties, returns: true };

/** The rate at a step: `now` gives `step` and `total`, first in every schedule's signature. */
export function runSchedule(
  elaboration: Elaboration,
  scope: Scope,
  schedule: ScheduleMeaning,
  now: readonly Given[],
  span: Span,
): Meaning {
  const { form } = schedule;
  if (form.kind === "fixed") return numeric(form.number);
  const times = now.map((given) => ({
    given,
    value: tensorDue(elaboration, scope, given.evaluate(plain), given.span),
  }));
  const [step, total] = times.map(({ value }) => value);
  if (step === null || step === undefined || total === null || total === undefined) return unknown;
  const name = form.definition.name.text;
  const site = { span, name, path: pathOf(scope, name), sharing: null };
  const clock = { step, total };
  const given = [
    ...times.map(({ given: at, value }) => givenMeaning(tensor(value!), at.span)),
    ...form.given,
  ];
  const opened = openDefinition(elaboration, { ...scope, clock }, form, given, site, scheduleDuties);
  return opened === null ? unknown : (runBlock(elaboration, opened, form.definition.body) ?? unknown);
}
