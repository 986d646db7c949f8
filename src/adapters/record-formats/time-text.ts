const secondsPattern = /\.(\d+)(?=Z$)/;
const countPattern = /^-?\d+$/;
// What JavaScript has dates for.
const mostMs = 8_640_000_000_000_000n;

/**
 * A moment as ISO 8601 writes it, exactly: `count` is of parts of a second since 1970, with so many `digits` after the
 * point: 3, 6 or 9. One that JavaScript has no date for stays the count.
 */
export function timeText(count: bigint, digits: number): string {
  const parts = 10n ** BigInt(digits - 3);
  const rest = ((count % parts) + parts) % parts;
  const ms = (count - rest) / parts;
  if (ms > mostMs || ms < -mostMs) return String(count);
  const finer = digits > 3 ? String(rest).padStart(digits - 3, '0') : '';
  return new Date(Number(ms)).toISOString().replace('Z', `${finer}Z`);
}

/** The count that `timeText` wrote. */
export function timeCount(text: string, digits: number): bigint {
  if (countPattern.test(text)) return BigInt(text);
  const [, fraction = ''] = secondsPattern.exec(text) ?? [];
  const seconds = Date.parse(text.replace(secondsPattern, '')) / 1000;
  return BigInt(seconds) * 10n ** BigInt(digits) + BigInt(fraction.padEnd(digits, '0').slice(0, digits));
}
