import type { Coalition } from './players.ts';

/** The coalition of all who are not in another. */
export function complement(present: Coalition): Coalition {
  const others = new Uint8Array(present.length);
  for (let at = 0; at < others.length; at += 1) others[at] = 1 - (present[at] as number);
  return others;
}
