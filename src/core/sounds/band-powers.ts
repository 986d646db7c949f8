import type { MelBand } from './mel-bands.ts';

/** The power in each band. */
export function bandPowers(powers: Float64Array, bands: readonly MelBand[]): readonly number[] {
  return bands.map(({ first, weights }) => {
    let sum = 0;
    for (let index = 0; index < weights.length; index += 1)
      sum += (weights[index] as number) * (powers[first + index] as number);
    return sum;
  });
}
