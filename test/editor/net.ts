/** Owns the programs that tests of the server write, and marks a place in one. */

export const blocks = `/// Adds what a layer makes of its input.
layer residual(x: [..., n], inner: int) -> [..., n] {
  return x + (x -> dense(inner) -> relu -> dense(n))
}

const width = 32
`;

export const net = `import { residual, width } from "./blocks.nn"

/// A small classifier.
model Net(hidden: int = 16) {
  input  pixels: [8, 8]
  target digit: index(10)

  h = pixels -> flatten -> dense(width)
  for k in 0..2 { h = h -> residual(hidden) }
  logits = h -> dropout(0.1) -> dense(10)

  output probs = softmax(logits)
  loss cross_entropy(logits, digit)
  metric accuracy(logits, digit)
}

train Net {
  minimize: loss with adam(rate: cosine(1e-2))
  validate: split(0.2, stratify: digit)
  keep:     best(val.accuracy)
}
`;

/** The file with the mark behind a piece of it. */
export function after(piece: string, text = net): string {
  const at = text.indexOf(piece);
  if (at === -1) throw new Error(`the text holds no ${piece}`);
  return `${text.slice(0, at + piece.length)}‸${text.slice(at + piece.length)}`;
}

/** For requests that ask about all of a file. */
export const wholeFile = { range: { start: { line: 0, character: 0 }, end: { line: 999, character: 0 } } };
