import type { JsonScanner } from './json-scanner.ts';
import type { ReadRow } from './scan-array.ts';
import { ServiceError } from './service-error.ts';
import { wrongKind } from './wrong-kind.ts';

export type IntegerDatatype = 'UINT8' | 'UINT16' | 'UINT32' | 'UINT64' | 'INT8' | 'INT16' | 'INT32' | 'INT64';

const ranges: Readonly<Record<IntegerDatatype, readonly [least: bigint, most: bigint]>> = {
  UINT8: [0n, 2n ** 8n - 1n],
  UINT16: [0n, 2n ** 16n - 1n],
  UINT32: [0n, 2n ** 32n - 1n],
  UINT64: [0n, 2n ** 64n - 1n],
  INT8: [-(2n ** 7n), 2n ** 7n - 1n],
  INT16: [-(2n ** 15n), 2n ** 15n - 1n],
  INT32: [-(2n ** 31n), 2n ** 31n - 1n],
  INT64: [-(2n ** 63n), 2n ** 63n - 1n],
};

/**
 * Reads whole numbers, exactly, into the little-endian bytes of `out`. Throws 400 for fractions and numbers out of
 * range.
 */
export function readIntegers(out: Uint8Array, input: string, datatype: IntegerDatatype): ReadRow {
  const [least, most] = ranges[datatype];
  const width = Number(datatype.replace(/[A-Z]+/, '')) / 8;
  const view = new DataView(out.buffer, out.byteOffset, out.byteLength);
  const store = writer(view, width);
  const [low, high] = [Number(least), Number(most)];
  return (scanner, from, isAlone) => {
    let index = from;
    do {
      const value = readInteger(scanner, input, index);
      // Numbers of 16 digits and more come as bigints, and fit no datatype of less than 64 bits.
      const fits = typeof value === 'bigint' ? value >= least && value <= most : value >= low && value <= high;
      if (!fits) {
        throw new ServiceError(
          400,
          `input '${input}', element ${index}: expected ${datatype}, a number from ${least} to ${most}, got ${value}`,
        );
      }
      if ((index + 1) * width <= out.byteLength) store(index * width, value);
      index += 1;
    } while (!isAlone && comma(scanner));
    return index;
  };
}

function comma(scanner: JsonScanner): boolean {
  if (scanner.next() !== 0x2c) return false;
  scanner.at += 1;
  return true;
}

function readInteger(scanner: JsonScanner, input: string, index: number): number | bigint {
  const { bytes } = scanner;
  scanner.next();
  let at = scanner.at;
  const negative = bytes[at] === 0x2d;
  if (negative) at += 1;
  const first = at;
  let value = 0;
  let byte = bytes[at];
  while (byte !== undefined && byte >= 0x30 && byte <= 0x39) {
    value = value * 10 + (byte - 0x30);
    byte = bytes[++at];
  }
  const isOther = byte === 0x2e || byte === 0x65 || byte === 0x45 || (at > first + 1 && bytes[first] === 0x30);
  if (at === first || isOther) wrongKind(scanner, `input '${input}', element ${index}`, 'a whole number');
  const start = scanner.at;
  scanner.at = at;
  if (at - first <= 15) return negative ? -value : value;
  if (at - first > 20)
    throw new ServiceError(
      400,
      `input '${input}', element ${index}: a number of ${at - first} digits fits no integer datatype`,
    );
  return BigInt(String.fromCharCode(...bytes.subarray(start, at)));
}

function writer(view: DataView, width: number): (offset: number, value: number | bigint) => void {
  if (width === 1) return (offset, value) => view.setUint8(offset, value as number);
  if (width === 2) return (offset, value) => view.setUint16(offset, value as number, true);
  if (width === 4) return (offset, value) => view.setUint32(offset, value as number, true);
  return (offset, value) => {
    if (typeof value === 'bigint') return view.setBigUint64(offset, BigInt.asUintN(64, value), true);
    const high = Math.floor(value / 2 ** 32);
    view.setUint32(offset, value - high * 2 ** 32, true);
    view.setInt32(offset + 4, high, true);
  };
}
