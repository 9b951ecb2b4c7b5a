/** Owns the colours of messages on a terminal. */

export type Paint = (text: string) => string;

export interface Paints {
  readonly error: Paint;
  readonly warning: Paint;
  /** Places that explain. */
  readonly related: Paint;
  readonly help: Paint;
  readonly strong: Paint;
  /** The gutter and its numbers. */
  readonly frame: Paint;
}

const plain: Paint = (text) => text;
const escape =
  (...codes: readonly number[]): Paint =>
  (text) =>
    `\u001b[${codes.join(";")}m${text}\u001b[0m`;

const coloured: Paints = {
  error: escape(1, 31),
  warning: escape(1, 33),
  related: escape(36),
  help: escape(1, 32),
  strong: escape(1),
  frame: escape(34),
};
const uncoloured: Paints = {
  error: plain,
  warning: plain,
  related: plain,
  help: plain,
  strong: plain,
  frame: plain,
};

export function paints(color: boolean): Paints {
  return color ? coloured : uncoloured;
}
