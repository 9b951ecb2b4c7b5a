/** Owns the messages of the checker, E02xx, E04xx and E05xx, by what they are about. */
export * from "./checking/calls.ts";
export * from "./checking/entries.ts";
export * from "./checking/holding.ts";
export * from "./checking/lengths.ts";
export * from "./checking/models.ts";
export * from "./checking/names.ts";
export * from "./checking/notation.ts";
export * from "./checking/recurrences.ts";
export * from "./checking/shapes.ts";
export * from "./checking/warnings.ts";
