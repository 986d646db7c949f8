import type { Coalition } from './players.ts';

/** A coalition of so many players, by chance. */
export function drawnCoalition(players: number, size: number, random: () => number): Coalition {
  const present = new Uint8Array(players);
  for (let left = size; left > 0; ) {
    const place = Math.floor(random() * players);
    if (present[place] === 1) continue;
    present[place] = 1;
    left -= 1;
  }
  return present;
}
