import type { Coalition, Players } from './players.ts';

/** Some of all players. */
export interface SomePlayers {
  readonly players: Players;
  /** The weights of all: 0 of the others. */
  spread(weights: readonly number[]): readonly number[];
}

/**
 * The players in whose place the baseline has something else. The others add nothing to any coalition, so that their
 * weights are 0, and no coalition is asked to find it.
 */
export function varyingPlayers(all: Players): SomePlayers {
  const places = all.varies.flatMap((varies, at) => (varies ? [at] : []));
  const withSome = <T>(rest: readonly T[], some: ArrayLike<T>) => {
    const whole = [...rest];
    for (const [at, place] of places.entries()) whole[place] = some[at] as T;
    return whole;
  };
  const pick = <T>(values: readonly T[]) => places.map((place) => values[place] as T);
  const everybody = new Array<number>(all.count).fill(1);
  const { numbers } = all;
  return {
    players: {
      ...all,
      count: places.length,
      varies: pick(all.varies),
      shown: pick(all.shown),
      inputs: (present) => all.inputs(Uint8Array.from(withSome(everybody, present)) satisfies Coalition),
      ...(numbers && {
        numbers: {
          values: pick(numbers.values),
          means: pick(numbers.means),
          deviations: pick(numbers.deviations),
          at: (values) => numbers.at(withSome(numbers.values, values)),
        },
      }),
    },
    spread: (weights) => withSome(new Array<number>(all.count).fill(0), weights),
  };
}
