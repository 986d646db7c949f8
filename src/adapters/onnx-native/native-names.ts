import koffi from 'koffi';

/**
 * Names as the runtime takes them; `held` must be referenced as long as `pointers` are in use, which do not hold it.
 */
export interface NativeNames {
  readonly pointers: BigUint64Array;
  readonly held: readonly Uint8Array[];
}

export function nativeNames(names: readonly string[]): NativeNames {
  const held = names.map((name) => Buffer.from(`${name}\0`));
  return { pointers: BigUint64Array.from(held, (name) => koffi.address(name)), held };
}
