import { coalitionKey } from './coalition-key.ts';
import type { Game } from './game.ts';
import type { Coalition } from './players.ts';

/** What coalitions are worth, each asked for once: of few players, most that are drawn are among those before. */
export async function* askedOnce({ worth, pause }: Game, coalitions: readonly Coalition[]): ReturnType<Game['worth']> {
  const fresh: Coalition[] = [];
  const known = new Map<string, number>();
  /** Of each coalition, the place among those that are asked for. */
  const places: number[] = [];
  for (const present of coalitions) {
    const key = coalitionKey(present);
    const place = known.get(key) ?? fresh.length;
    if (place === fresh.length) {
      known.set(key, place);
      fresh.push(present);
    }
    places.push(place);
    await pause();
  }
  const found: number[] = [];
  let next = 0;
  for await (const each of worth(fresh)) {
    found.push(each);
    for (; next < places.length && (places[next] as number) < found.length; next += 1)
      yield found[places[next] as number] as number;
  }
}
