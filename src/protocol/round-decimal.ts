import { powersOfTen, tinyPower } from './power-of-ten.ts';

const splitter = 2 ** 27 + 1;
const tens = Float64Array.from({ length: 16 }, (_, i) => Number(`1e${i}`));

const fives = Float64Array.from({ length: 16 }, (_, i) => 5 ** i);

/** A number as a reader of its digits finds it: `(parts[0] * 10^lowDigits + parts[1]) * 10^exponent`. */
export interface Decimal {
  /**
   * Two whole numbers of 15 digits at most. In memory, as V8 would put numbers that it passes into objects of their
   * own.
   */
  readonly parts: Float64Array;
  lowDigits: number;
  exponent: number;
  /** Whether digits were left out, after 24 of them. */
  dropped: boolean;
}

/**
 * Leaves the double nearest to `decimal` in its first part; false where this way cannot tell for sure, which is rare.
 *
 * Works in twice the precision of doubles (Dekker, "A floating-point technique for extending the available precision",
 * 1971), and gives up where the two ends of what may be wrong, generously taken, round apart.
 */
export function roundDecimal(decimal: Decimal): boolean {
  const { parts, exponent, dropped } = decimal;
  const high = parts[0] as number;
  const shift = tens[decimal.lowDigits] as number;
  const product = high * shift;
  // The twos in a power of ten take no room: most often its fives leave the product exact.
  const isExact = high * (fives[decimal.lowDigits] as number) <= 2 ** 53;
  const tail = (isExact ? 0 : productError(high, shift, product)) + (parts[1] as number);
  const sum = product + tail;
  parts[0] = sum;
  if (sum === 0 || (exponent === 0 && !dropped)) return true;
  const rest = tail - (sum - product);

  const { least, most, highs, lows, scales } = powersOfTen();
  if (exponent < least || exponent > most) return false;
  const at = exponent - least;
  const power = highs[at] as number;
  const scaled = sum * power;
  const correction = productError(sum, power, scaled) + (sum * (lows[at] as number) + rest * power);
  const slack = scaled * 2 ** -75;
  const result = scaled + (correction + slack);
  const value = result * (exponent < tinyPower ? 2 ** -1000 : 1) * (scales[at] as number);
  parts[0] = value;
  // At the smallest normal number and below, doubles have fewer bits, and the scaling would round a second time.
  return result === scaled + (correction - slack) && value > 2 ** -1022;
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
