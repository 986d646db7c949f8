/** Of a number in FP32, by its own size: 2⁻²³. */
const fractionBits = 23;
/** Of the deviation: what is rounded by more of it differs from what was learned. */
const mostStep = 0.001;
/** That tell two doubles apart. */
const mostDigits = 17;

/**
 * What to note of numbers that spread little beside their size, which FP32 rounds to steps that show; undefined where
 * they do not.
 */
export function coarseTargetsNote(targets: readonly number[], label: string): string | undefined {
  const mean = targets.reduce((sum, value) => sum + value / targets.length, 0);
  const deviation = Math.sqrt(targets.reduce((sum, value) => sum + (value - mean) ** 2 / targets.length, 0));
  const step = mean === 0 ? 0 : 2 ** (Math.floor(Math.log2(Math.abs(mean))) - fractionBits);
  if (step <= mostStep * deviation) return undefined;
  const [spread, coarse] = [deviation, step].map((value) => String(Number(value.toPrecision(3))));
  // To the deviation's first digit: what is left lies by half of that from 0 at most, where steps no longer show.
  const digits = Math.floor(Math.log10(Math.abs(mean))) - Math.floor(Math.log10(deviation)) + 1;
  const about = String(Number(mean.toPrecision(Math.min(digits, mostDigits))));
  return `${label}: what is to be told lies about ${about}, with a deviation of ${spread}, and FP32 has steps of ${coarse} there, to which answers are rounded: take a number such as ${about} off, and add it to what is predicted`;
}
