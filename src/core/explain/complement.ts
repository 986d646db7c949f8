import type { Coalition } from './players.ts';

/** The coalition of all who are not in another. */
export function complement(present: Coalition): Coalition {
  return present.map((each) => 1 - each);
}
