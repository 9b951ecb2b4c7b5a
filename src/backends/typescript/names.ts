/** Owns names: every object gets one that is an identifier and that nothing else in its scope has. */

const reserved = new Set(
  (
    "arguments await break case catch class const continue debugger default delete do else enum eval export extends " +
    "false finally for function if implements import in instanceof interface let new null package private protected " +
    "public return static super switch this throw true try typeof undefined var void while with yield " +
    "Math Infinity NaN Float32Array Float64Array Int32Array"
  ).split(" "),
);

/** As close to `text` as an identifier can be. */
export function identifier(text: string): string {
  const words = text.replace(/[^\p{ID_Continue}$]+/gu, "_").replace(/^_+|_+$/g, "");
  return /^[\p{ID_Start}$_]/u.test(words) ? words : `v${words}`;
}

/** `gradients_loss` as `GradientsLoss`. */
export function pascal(text: string): string {
  return identifier(text).replace(/(^|_)(\p{ID_Continue})/gu, (_, _gap, letter: string) =>
    letter.toUpperCase(),
  );
}

/** Names within one function or one module; objects are told apart by identity. */
export class Scope {
  readonly #names = new Map<object, string>();
  readonly #taken: Set<string>;

  constructor(taken: Iterable<string> = []) {
    this.#taken = new Set(taken);
  }

  /** The object's name, which is `wanted` or close to it when it is asked for first. */
  nameOf(object: object, wanted: string): string {
    const known = this.#names.get(object);
    if (known !== undefined) return known;
    const base = identifier(wanted);
    let name = base;
    for (let k = 2; reserved.has(name) || this.#taken.has(name); k += 1) name = `${base}_${k}`;
    this.#taken.add(name);
    this.#names.set(object, name);
    return name;
  }
}
