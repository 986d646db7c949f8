import type { JsonScanner } from './json-scanner.ts';
import { roundDecimal } from './round-decimal.ts';
import type { ReadRow } from './scan-array.ts';
import { ServiceError } from './service-error.ts';

const tens = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));

/**
 * Reads numbers into `out`, each as `JSON.parse` would, and rounded to FP32 where `out` is.
 *
 * Digits are taken four at a time (Lemire, "Number parsing at a gigabyte per second", 2021). Up to 15 digits and a power
 * of ten up to 22, one multiplication or division of exact doubles is correctly rounded (Clinger, "How to Read Floating
 * Point Numbers Accurately", 1990). Longer numbers go to `roundDecimal`, and what that cannot tell for sure to `Number`.
 */
export function readFloats(out: Float32Array | Float64Array, tensor: string, datatype: 'FP32' | 'FP64'): ReadRow {
  const most = datatype === 'FP32' ? largestFloat32 : Number.MAX_VALUE;
  return (scanner, from) => {
    const { bytes } = scanner;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const lastWord = bytes.length - 4;
    let at = scanner.at;
    let index = from;
    for (;;) {
      while (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09) at += 1;
      const start = at;
      const negative = bytes[at] === 0x2d;
      if (negative) at += 1;
      const first = at;
      // Up to 15 digits, up to 15 more, and those that are only counted.
      let high = 0;
      let low = 0;
      let highDigits = 0;
      let lowDigits = 0;
      let dropped = 0;
      let point = 0;
      for (;;) {
        const word = (at <= lastWord ? view.getInt32(at, true) : lastBytes(bytes, at)) ^ 0x30303030;
        // A bit for each byte that is no digit; a carry can only set bits past the first, which are not looked at.
        const stops = ((word + 0x76767676) | word) & 0x80808080;
        const count = stops === 0 ? 4 : (31 - Math.clz32(stops & -stops)) >> 3;
        const digits = fourDigits(stops === 0 ? word : (word << (24 - 8 * count)) << 8);
        if (highDigits < 12) {
          high = high * (tens[count] as number) + digits;
          highDigits += count;
        } else if (lowDigits < 12) {
          low = low * (tens[count] as number) + digits;
          lowDigits += count;
        } else dropped += count;
        at += count;
        if (count === 4) continue;
        if (bytes[at] !== 0x2e || point > 0) break;
        at += 1;
        point = at;
      }
      const whole = (point > 0 ? point - 1 : at) - first;
      if (whole === 0 || (whole > 1 && bytes[first] === 0x30) || at === point) refuse(scanner, start, tensor);
      let exponent = dropped + (point > 0 ? point - at : 0);
      if (bytes[at] === 0x65 || bytes[at] === 0x45) {
        at += 1;
        const sign = bytes[at] === 0x2d ? -1 : 1;
        if (bytes[at] === 0x2d || bytes[at] === 0x2b) at += 1;
        const exponentStart = at;
        let given = 0;
        for (let digit = (bytes[at] ?? 0) - 0x30; digit >= 0 && digit <= 9; digit = (bytes[at] ?? 0) - 0x30) {
          if (given < 100_000_000) given = given * 10 + digit;
          at += 1;
        }
        if (at === exponentStart) refuse(scanner, start, tensor);
        exponent += sign * given;
      }
      let value: number;
      if (lowDigits === 0 && exponent >= -22 && exponent <= 22) {
        value = exponent < 0 ? high / (tens[-exponent] as number) : high * (tens[exponent] as number);
      } else {
        value = roundDecimal(high, low, lowDigits, exponent, dropped > 0);
        if (Number.isNaN(value)) value = Math.abs(Number(text(bytes, start, at)));
      }
      if (value > most) tooLarge(text(bytes, start, at), tensor, datatype, index);
      out[index] = negative ? -value : value;
      index += 1;
      while (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09) at += 1;
      if (bytes[at] !== 0x2c) break;
      at += 1;
    }
    scanner.at = at;
    return index;
  };
}

// Half a step above FP32's largest number, which still rounds down to it: IEEE 754, round to nearest.
const largestFloat32 = 3.4028235677973362e38;

/** The number that four bytes of digits make, first digit lowest: pairs, then the pair of them. */
function fourDigits(word: number): number {
  const pairs = (Math.imul(word, 2561) >>> 8) & 0x00ff00ff;
  return Math.imul(pairs, 6553601) >>> 16;
}

/** The bytes from `at`, with nothing past the end, as a little-endian word. */
function lastBytes(bytes: Uint8Array, at: number): number {
  let word = 0;
  for (let i = 0; i < 4; i += 1) word |= (bytes[at + i] ?? 0) << (8 * i);
  return word;
}

function text(bytes: Uint8Array, start: number, end: number): string {
  let result = '';
  for (let at = start; at < end; at += 1024)
    result += String.fromCharCode(...bytes.subarray(at, Math.min(end, at + 1024)));
  return result;
}

function tooLarge(number: string, tensor: string, datatype: string, index: number): never {
  throw new ServiceError(400, `${tensor}, element ${index}: ${number.slice(0, 40)} is too large for ${datatype}`);
}

/** Says what is wrong with the element at `start`; the words that people write for numbers that JSON lacks get advice. */
function refuse(scanner: JsonScanner, start: number, tensor: string): never {
  scanner.at = start;
  if (/^"?[-+]?(NaN|nan|Inf|inf)/.test(text(scanner.bytes, start, Math.min(start + 6, scanner.bytes.length)))) {
    throw new ServiceError(
      400,
      `${tensor}: JSON has no NaN and no infinities (at byte ${start}); send the tensor as binary data (binary_data_size)`,
    );
  }
  return scanner.fail(`a number for ${tensor}`);
}
