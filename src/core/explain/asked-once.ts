import { coalitionKey } from './coalition-key.ts';
import type { Game } from './game.ts';
import type { Coalition } from './players.ts';

/** What coalitions are worth, each asked for once: of few players, most that are drawn are among those before. */
export function askedOnce(worth: Game['worth']): Game['worth'] {
  const known = new Map<string, number>();
  return async (coalitions) => {
    const keys = coalitions.map(coalitionKey);
    const fresh = new Map<string, Coalition>();
    for (const [at, key] of keys.entries()) if (!known.has(key)) fresh.set(key, coalitions[at] as Coalition);
    const found = await worth([...fresh.values()]);
    for (const [at, key] of [...fresh.keys()].entries()) known.set(key, found[at] as number);
    return keys.map((key) => known.get(key) as number);
  };
}
