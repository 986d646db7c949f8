// Added and subtracted again, it leaves a whole number.
const rounder = 1.5 * 2 ** 52;

/** The nearest whole number, of halves the even one; of numbers up to 2^51. */
export function roundToEven(value: number): number {
  return value + rounder - rounder;
}
