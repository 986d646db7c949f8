/**
 * What pixels count for a new one, by Pillow's names, each with how far it reaches. Source: Pillow,
 * src/libImaging/Resample.c.
 */
export const resizeFilters = {
  box: { reach: 0.5, weigh: (x: number) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { reach: 1, weigh: (x: number) => Math.max(0, 1 - Math.abs(x)) },
  hamming: { reach: 1, weigh: (x: number) => (Math.abs(x) < 1 ? sinc(x) * (0.54 + 0.46 * Math.cos(Math.PI * x)) : 0) },
  bicubic: { reach: 2, weigh: cubic },
  lanczos: { reach: 3, weigh: (x: number) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
} as const;

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
}

/** Keys' cubic with a = -0.5. */
function cubic(at: number): number {
  const x = Math.abs(at);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
}
