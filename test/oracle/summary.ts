/** Owns the counting of cases: passed, failed, not supported, by operation, and the table told at the end. */

export type Outcome = "passed" | "failed" | "not supported";

export interface Counted {
  readonly group: string;
  readonly subject: string;
  readonly outcome: Outcome;
  /** What is missing, where it is not supported. */
  readonly reason: string | null;
}

const outcomes: readonly Outcome[] = ["passed", "failed", "not supported"];

function countsOf(cases: readonly Counted[]): readonly number[] {
  return outcomes.map((outcome) => cases.filter((one) => one.outcome === outcome).length);
}

function line(subject: string, counts: readonly (number | string)[], remark: string): string {
  const cells = counts.map((count, place) => String(count).padStart(outcomes[place]!.length));
  return `  ${subject.padEnd(26)}${cells.join("  ")}  ${remark}`.trimEnd();
}

function unique<Item>(items: readonly Item[]): readonly Item[] {
  return [...new Set(items)];
}

/** A line for each subject, under the heading of its group, and the totals. */
export function summaryText(title: string, cases: readonly Counted[]): string {
  const groups = unique(cases.map(({ group }) => group)).map((group) => {
    const members = cases.filter((one) => one.group === group);
    const rows = unique(members.map(({ subject }) => subject)).map((subject) => {
      const own = members.filter((one) => one.subject === subject);
      const reasons = unique(own.flatMap(({ reason }) => reason ?? []));
      return line(subject, countsOf(own), reasons.join("; "));
    });
    return [group, ...rows].join("\n");
  });
  const head = line("", outcomes, "");
  return [title, head, ...groups, line("all", countsOf(cases), ""), ""].join("\n");
}
