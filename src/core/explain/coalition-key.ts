import type { Coalition } from './players.ts';

/** The same for the same players. */
export function coalitionKey(present: Coalition): string {
  return String.fromCharCode(...present);
}
