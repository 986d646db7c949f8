/** A number as it is written: its digits as a whole number, and how many of them stand behind the point. */
export interface Decimal {
  readonly digits: bigint;
  readonly decimals: number;
}

/** The shortest decimal number that a double is read from. */
export function decimalOf(value: number): Decimal {
  const [mantissa = '', power = '0'] = String(value).split('e');
  const [whole = '', part = ''] = mantissa.split('.');
  const decimals = part.length - Number(power);
  return { digits: BigInt(`${whole}${part}`) * 10n ** BigInt(Math.max(0, -decimals)), decimals: Math.max(0, decimals) };
}
