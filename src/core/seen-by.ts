import type { Caller } from '../ports/caller.ts';

/** Those of `names` that a caller may know of; without a caller, who needs no key, all. */
export function seenBy(caller: Caller | undefined, names: readonly string[]): readonly string[] {
  return caller ? names.filter((name) => caller.sees(name)) : names;
}
