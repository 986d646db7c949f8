import type { Steps } from '../pace/steps.ts';

// Zero crossings on each side, and the shape of the window: those of scipy.signal.resample_poly.
const crossings = 10;
const beta = 5;

/** Each takes a microsecond at most. */
const tapsAtOnce = 1000;

export interface LowPass {
  readonly taps: Float64Array;
  /** The place of the middle one. */
  readonly half: number;
}

/**
 * A filter that lets pass what is below 1/`ratio` of the highest frequency; its `taps` have the sum 1.
 */
export function* lowPass(ratio: number): Steps<LowPass> {
  const half = crossings * ratio;
  const taps = new Float64Array(2 * half + 1);
  const whole = besselI0(beta);
  let sum = 0;
  for (let index = 0; index <= 2 * half; index += 1) {
    if (index % tapsAtOnce === 0) yield;
    const place = (index - half) / ratio;
    const sinc = place === 0 ? 1 : Math.sin(Math.PI * place) / (Math.PI * place);
    const side = (index - half) / half;
    const tap = sinc * (besselI0(beta * Math.sqrt(1 - side * side)) / whole);
    taps[index] = tap;
    sum += tap;
  }
  return { taps: taps.map((tap) => tap / sum), half };
}

/**
 * The modified Bessel function of the first kind, of order 0, by its series; good to a double's precision for |x| up to
 * 20.
 */
function besselI0(x: number): number {
  const quarter = (x * x) / 4;
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-17; k += 1) {
    term *= quarter / (k * k);
    sum += term;
  }
  return sum;
}
