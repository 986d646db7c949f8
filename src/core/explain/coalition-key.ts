import type { Coalition } from './players.ts';

/** Players whose bits one character has. */
const bits = 16;

/** The same for the same players, of coalitions of as many. */
export function coalitionKey(present: Coalition): string {
  let key = '';
  for (let from = 0; from < present.length; from += bits) {
    let character = 0;
    for (let at = from; at < Math.min(from + bits, present.length); at += 1)
      character = (character << 1) | (present[at] as number);
    key += String.fromCharCode(character);
  }
  return key;
}
