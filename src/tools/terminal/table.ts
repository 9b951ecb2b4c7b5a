/** Owns tables in a terminal: columns as wide as their widest cell, numbers at the right, nothing cut off. */

export interface TableColumn {
  readonly title: string;
  readonly align: "left" | "right";
}

/** Lines of the table, without colours; a `null` row is a rule. */
export function tableLines(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[] | null)[],
): readonly string[] {
  const widths = columns.map(({ title }, column) =>
    rows.reduce((widest, row) => Math.max(widest, row?.[column]?.length ?? 0), title.length),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        columns[column]!.align === "right" ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      )
      .join("  ")
      .trimEnd();
  const rule = "─".repeat(widths.reduce((sum, width) => sum + width, 2 * (widths.length - 1)));
  return [
    line(columns.map(({ title }) => title)),
    rule,
    ...rows.map((row) => (row === null ? rule : line(row))),
  ];
}
