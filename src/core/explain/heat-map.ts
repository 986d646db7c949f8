import type { Picture } from '../../ports/picture.ts';

/** How much of a pixel the colour takes at most. */
const strength = 0.6;
const [forIt, against] = [
  [213, 94, 0],
  [0, 114, 178],
] as const;

/**
 * A picture in grey with weights over it, orange for what speaks for the target, blue for what speaks against it, the
 * more the larger the weight.
 *
 * @param weights of its pixels
 */
export function heatMap({ width, height, pixels: greys }: Picture, weights: Float64Array): Picture {
  let most = Number.MIN_VALUE;
  for (const weight of weights) most = Math.max(most, Math.abs(weight));
  const pixels = new Uint8Array(width * height * 3);
  for (const [at, own] of weights.entries()) {
    const share = (Math.abs(own) / most) * strength;
    const color = own < 0 ? against : forIt;
    const grey = greys[at] as number;
    for (let channel = 0; channel < 3; channel += 1)
      pixels[at * 3 + channel] = Math.round(grey * (1 - share) + (color[channel] as number) * share);
  }
  return { width, height, channels: 3, pixels };
}
