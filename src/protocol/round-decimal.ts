import { powerOfTen } from './power-of-ten.ts';

const splitter = 2 ** 27 + 1;
const tens = Float64Array.from({ length: 16 }, (_, i) => Number(`1e${i}`));
const smallestNormal = 2 ** -1022;

/**
 * The double nearest to `(high * 10^lowDigits + low) * 10^exponent`, where both parts have 15 digits at most.
 * NaN where this way cannot tell for sure, which is rare.
 *
 * Works in twice the precision of doubles (Dekker, "A floating-point technique for extending the available precision",
 * 1971), and gives up where the two ends of what may be wrong, which is generously taken, round apart. That leaves room
 * for digits that are `dropped` after 24 of them.
 */
export function roundDecimal(high: number, low: number, lowDigits: number, exponent: number, dropped: boolean): number {
  // Where leading zeros fill the first part, what was dropped may weigh.
  if (dropped && high < 1e11) return Number.NaN;
  const shift = tens[lowDigits] as number;
  const product = high * shift;
  const tail = productError(high, shift, product) + low;
  const sum = product + tail;
  if (sum === 0 || (exponent === 0 && !dropped)) return sum;
  const rest = tail - (sum - product);

  const at = powerOfTen.index(exponent);
  if (at < 0) return Number.NaN;
  const power = powerOfTen.highs[at] as number;
  const scaled = sum * power;
  const correction = productError(sum, power, scaled) + (sum * (powerOfTen.lows[at] as number) + rest * power);
  const slack = scaled * 2 ** -75;
  const result = scaled + (correction + slack);
  if (result !== scaled + (correction - slack)) return Number.NaN;

  const scale = powerOfTen.scales[at] as number;
  const value = scale < -1000 ? result * 2 ** -1000 * 2 ** (scale + 1000) : result * 2 ** scale;
  // Below, doubles have fewer bits, and the scaling would round a second time.
  return value > smallestNormal ? value : Number.NaN;
}

/** What the rounding of a * b to `product` left out, exactly. */
function productError(a: number, b: number, product: number): number {
  const aBig = splitter * a;
  const aHigh = aBig - (aBig - a);
  const aLow = a - aHigh;
  const bBig = splitter * b;
  const bHigh = bBig - (bBig - b);
  const bLow = b - bHigh;
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}
