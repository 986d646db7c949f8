const splitter = 2 ** 27 + 1;
const powers = Float64Array.from({ length: 31 }, (_, i) => Number(`1e${i}`));

/**
 * A decimal number of many digits as a double, correctly rounded; or, with `toFloat32`, as a double that rounds to the
 * same FP32 number. NaN where this way cannot tell for sure, which is rare.
 *
 * The number is `high` (its first 15 digits, exactly) and `low` (the next 15 at most), of `digits` digits in
 * all, times ten to `exponent` at the last digit. For FP32 the first 15 digits decide, unless both ends of
 * their error round apart. For FP64 the quotient or product is taken in twice the precision
 * (Dekker, "A floating-point technique for extending the available precision", 1971), then checked likewise.
 */
export function roundDecimal(high: number, low: number, digits: number, exponent: number, toFloat32: boolean): number {
  const rest = Math.max(0, digits - 15);
  if (toFloat32) {
    const power = exponent + rest;
    if (power < -37 || power > 37) return Number.NaN;
    const value = power < 0 ? high / Number(`1e${-power}`) : high * (powers[power] ?? Number(`1e${power}`));
    return Math.fround(value * (1 - 1e-14)) === Math.fround(value * (1 + 1e-14)) ? value : Number.NaN;
  }
  if (digits > 30 || exponent < -22 || exponent > 22 || rest > 15) return Number.NaN;
  // high * 10^rest + low, as the unevaluated sum of two doubles.
  const shift = powers[rest] as number;
  const product = high * shift;
  const tail = productError(high, shift, product) + low;
  const sum = product + tail;
  const error = tail - (sum - product);
  const power = powers[Math.abs(exponent)] as number;
  let value: number;
  let correction: number;
  if (exponent < 0) {
    value = sum / power;
    const back = value * power;
    correction = (sum - back - productError(value, power, back) + error) / power;
  } else {
    value = sum * power;
    correction = productError(sum, power, value) + error * power;
  }
  const slack = value * 2 ** -95;
  const result = value + (correction + slack);
  return result === value + (correction - slack) && result < 1e300 ? result : Number.NaN;
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
