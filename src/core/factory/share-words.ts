import type { Share } from './share.ts';

/** A share, for people: `3052 of 3080, 99.1 % (at least 98.7 %)`. */
export function shareWords({ part, of, share, atLeast }: Share): string {
  return `${part} of ${of}, ${percent(share)} (at least ${percent(atLeast)})`;
}

function percent(share: number): string {
  // Never rounded up to what it is not.
  return `${(Math.floor(share * 1000 + 1e-9) / 10).toFixed(1)} %`;
}
