import { decimalOf } from './decimal-of.ts';

/** Whether a number is a multiple of another as both are written: 0.07 is one of 0.01, of which doubles make 7.0…01. */
export function isMultiple(value: number, of = value): boolean {
  if (of <= 0) return of === value;
  const [one, other] = [decimalOf(value), decimalOf(of)];
  const scaled = ({ digits, decimals }: typeof one) =>
    digits * 10n ** BigInt(Math.max(one.decimals, other.decimals) - decimals);
  return scaled(one) % scaled(other) === 0n;
}
