import type { JsonScanner } from './json-scanner.ts';
import { roundDecimal } from './round-decimal.ts';
import type { ReadRow } from './scan-array.ts';
import { ServiceError } from './service-error.ts';

const powers = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));

/**
 * Reads numbers into `out`, each as `JSON.parse` would, and rounded to FP32 where `out` is.
 *
 * Up to 15 digits and a power of ten up to 22, one multiplication or division of exact doubles is correctly
 * rounded (Clinger, "How to Read Floating Point Numbers Accurately", 1990). Longer numbers go to
 * `roundDecimal`, and what that cannot tell for sure to `Number`.
 */
export function readFloats(out: Float32Array | Float64Array, input: string, datatype: 'FP32' | 'FP64'): ReadRow {
  return (scanner, from) => {
    const { bytes } = scanner;
    let at = scanner.at;
    let index = from;
    for (;;) {
      let byte = bytes[at];
      while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) byte = bytes[++at];
      const start = at;
      const negative = byte === 0x2d;
      if (negative) byte = bytes[++at];
      // The first 15 digits, the next 15, how many digits there are past leading zeros, and the power of ten.
      let high = 0;
      let low = 0;
      let digits = 0;
      let exponent = 0;
      const first = at;
      while (byte !== undefined && byte >= 0x30 && byte <= 0x39) {
        if (digits < 15) high = high * 10 + (byte - 0x30);
        else if (digits < 30) low = low * 10 + (byte - 0x30);
        if (high !== 0) digits += 1;
        byte = bytes[++at];
      }
      if (at === first || (at > first + 1 && bytes[first] === 0x30)) refuse(scanner, start, input);
      if (byte === 0x2e) {
        byte = bytes[++at];
        const point = at;
        while (byte !== undefined && byte >= 0x30 && byte <= 0x39) {
          if (digits < 15) high = high * 10 + (byte - 0x30);
          else if (digits < 30) low = low * 10 + (byte - 0x30);
          if (high !== 0) digits += 1;
          byte = bytes[++at];
        }
        exponent = point - at;
        if (exponent === 0) refuse(scanner, start, input);
      }
      if (byte === 0x65 || byte === 0x45) {
        byte = bytes[++at];
        const sign = byte === 0x2d ? -1 : 1;
        if (byte === 0x2d || byte === 0x2b) byte = bytes[++at];
        const exponentStart = at;
        let given = 0;
        while (byte !== undefined && byte >= 0x30 && byte <= 0x39) {
          if (given < 10_000) given = given * 10 + (byte - 0x30);
          byte = bytes[++at];
        }
        if (at === exponentStart) refuse(scanner, start, input);
        exponent += sign * given;
      }
      let value: number;
      if (digits <= 15 && exponent >= -22 && exponent <= 22) {
        value = exponent < 0 ? high / (powers[-exponent] as number) : high * (powers[exponent] as number);
      } else {
        value = roundDecimal(high, low, digits, exponent, datatype === 'FP32');
        if (Number.isNaN(value)) value = Math.abs(Number(text(bytes, start, at)));
      }
      if (value > largest(datatype)) tooLarge(text(bytes, start, at), input, datatype, index);
      out[index] = negative ? -value : value;
      index += 1;
      while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) byte = bytes[++at];
      if (byte !== 0x2c) break;
      at += 1;
    }
    scanner.at = at;
    return index;
  };
}

// Half a step above FP32's largest number, which still rounds down to it: IEEE 754, round to nearest.
const largestFloat32 = 3.4028235677973362e38;

function largest(datatype: 'FP32' | 'FP64'): number {
  return datatype === 'FP32' ? largestFloat32 : Number.MAX_VALUE;
}

function text(bytes: Uint8Array, start: number, end: number): string {
  let result = '';
  for (let at = start; at < end; at += 1024)
    result += String.fromCharCode(...bytes.subarray(at, Math.min(end, at + 1024)));
  return result;
}

function tooLarge(number: string, input: string, datatype: string, index: number): never {
  throw new ServiceError(
    400,
    `input '${input}', element ${index}: ${number.slice(0, 40)} is too large for ${datatype}`,
  );
}

/** Says what is wrong with the element at `start`; the words that people write for numbers that JSON lacks get advice. */
function refuse(scanner: JsonScanner, start: number, input: string): never {
  scanner.at = start;
  if (/^["-]?(NaN|nan|Inf|inf)/.test(text(scanner.bytes, start, Math.min(start + 6, scanner.bytes.length)))) {
    throw new ServiceError(
      400,
      `input '${input}': JSON has no NaN and no infinities (at byte ${start}); send the tensor as binary data (binary_data_size)`,
    );
  }
  return scanner.fail(`a number for input '${input}'`);
}
