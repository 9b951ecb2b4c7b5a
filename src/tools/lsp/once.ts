/** Owns values that are worked out when first asked for. */

export interface Once<Value> {
  (): Value;
  /** Null while nobody has asked. */
  readonly sofar: () => { readonly value: Value } | null;
}

export function once<Value>(make: () => Value): Once<Value> {
  let made: { readonly value: Value } | null = null;
  return Object.assign(() => (made ??= { value: make() }).value, { sofar: () => made });
}
