const tens = Float64Array.from({ length: 16 }, (_, i) => Number(`1e${i}`));
const smallestNormal = 2 ** -126;

/** The shortest decimal that reads back as the same FP32 number, which `value` must be; whole numbers below 1e9 in full. */
export function shortestFloat32(value: number): string {
  const size = Math.abs(value);
  if (size < 1e9 && Number.isInteger(value)) return Object.is(value, -0) ? '-0' : String(value);
  if (size < 1e-5 || size >= 1e6) return byPrecision(value);
  // Rounded to 9 digits in all, any FP32 number reads back; most need 8. Below 6, none is another's neighbour.
  let places = 8 - (Math.floor(Math.log10(size)) + 1);
  let shortest = rounded(size, places);
  if (Math.fround(shortest) !== size) shortest = rounded(size, places + 1);
  else {
    for (let digits = 7; digits >= 6; digits -= 1) {
      places -= 1;
      const shorter = rounded(size, places);
      if (Math.fround(shorter) !== size) break;
      shortest = shorter;
    }
  }
  return String(value < 0 ? -shortest : shortest);
}

/** The double nearest to `size` with so many decimal places: a division of two exact doubles. */
function rounded(size: number, places: number): number {
  const shift = tens[places] as number;
  return Math.round(size * shift) / shift;
}

function byPrecision(value: number): string {
  for (let digits = Math.abs(value) < smallestNormal ? 1 : 6; digits < 9; digits += 1) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(Number(value.toPrecision(9)));
}
