const least = -342;
const most = 308;
const highs = new Float64Array(most - least + 1);
const lows = new Float64Array(most - least + 1);
const scales = new Int16Array(most - least + 1);

/**
 * Powers of ten from 10^-342 to 10^308, each as `(high + low) * 2^scale`, right to 106 bits.
 *
 * `high` lies from 1 to 2. `index` says where a power stands in the three lists, -1 where it is not in them. A power is
 * worked out when it is first asked for: no request pays for all of them.
 */
export const powerOfTen = { highs, lows, scales, index };

function index(exponent: number): number {
  if (exponent < least || exponent > most) return -1;
  const at = exponent - least;
  if (highs[at] === 0) workOut(at, exponent);
  return at;
}

function workOut(at: number, exponent: number): void {
  const power = 10n ** BigInt(Math.abs(exponent));
  const bits = power.toString(2).length;
  // The power, or its reciprocal, as a whole number of 160 bits or so.
  const shift = BigInt(160 + (exponent < 0 ? bits : -bits));
  const whole = exponent < 0 ? (1n << shift) / power : shift < 0n ? power >> -shift : power << shift;
  const scale = whole.toString(2).length - 1;
  const high = Number(whole);
  highs[at] = high * 2 ** -scale;
  lows[at] = Number(whole - BigInt(high)) * 2 ** -scale;
  scales[at] = scale - Number(shift);
}
