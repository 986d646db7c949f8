const least = -342;
const most = 308;
const size = most - least + 1;
const powers = {
  least,
  most,
  highs: new Float64Array(size),
  lows: new Float64Array(size),
  scales: new Float64Array(size),
};

/** Below this exponent, `scales` leave out a factor of 2^-1000, which doubles could not hold. */
export const tinyPower = -290;

/**
 * The powers of ten from 10^-342 to 10^308 as `(high + low) * scale`, right to 106 bits, with `high` from 1 to 2.
 *
 * All of them are worked out when the first is asked for, which takes about a millisecond: few services ever need them.
 */
export function powersOfTen(): Readonly<typeof powers> {
  if (powers.highs[0] === 0) for (let exponent = least; exponent <= most; exponent += 1) workOut(exponent);
  return powers;
}

function workOut(exponent: number): void {
  const power = 10n ** BigInt(Math.abs(exponent));
  const bits = Math.floor(Math.abs(exponent) * Math.log2(10)) + 1;
  // The power, or its reciprocal, as a whole number of 160 bits or so.
  const shift = 160 + (exponent < 0 ? bits : -bits);
  const whole = exponent < 0 ? (1n << BigInt(shift)) / power : (power << 1000n) >> BigInt(1000 - shift);
  const high = Number(whole);
  const scale = Math.floor(Math.log2(high));
  const at = exponent - least;
  powers.highs[at] = high * 2 ** -scale;
  powers.lows[at] = Number(whole - BigInt(high)) * 2 ** -scale;
  powers.scales[at] = 2 ** (scale - shift + (exponent < tinyPower ? 1000 : 0));
}
