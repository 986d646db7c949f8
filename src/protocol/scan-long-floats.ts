import { digitsBefore, firstStop, fourDigits, someDigits, zeros } from './digit-word.ts';
import type { NumberCursor, Stopped } from './number-cursor.ts';
import { type Decimal, roundDecimal } from './round-decimal.ts';
import { skipSpace } from './skip-space.ts';

const tens = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));
const decimal: Decimal = { parts: new Float64Array(2), lowDigits: 0, exponent: 0, dropped: false };

/**
 * Reads numbers of any form; stops before one that is not well-formed, too large for `most`, or that `roundDecimal`
 * cannot tell, and near the end of the JSON.
 *
 * For FP32 a division of doubles is enough where both ends of its error round to the same number.
 */
export function scanLongFloats(
  cursor: NumberCursor,
  out: Float32Array | Float64Array,
  limit: number,
  most: number,
): Stopped {
  const { bytes, view, lastWord } = cursor;
  const { parts } = decimal;
  const toFloat32 = out.BYTES_PER_ELEMENT === 4;
  let { at, index } = cursor;
  let stopped: Stopped = 'limit';
  while (index < limit) {
    if ((bytes[at] as number) <= 0x20) at = skipSpace(bytes, at);
    const start = at;
    stopped = 'other';
    if (bytes[at] === 0x2d) at += 1;
    const first = at;
    let high = 0;
    let low = 0;
    let lowDigits = 0;
    let dropped = 0;
    let point = 0;
    let count = 4;
    while (at <= lastWord) {
      const word = view.getInt32(at, true) ^ zeros;
      const stop = firstStop(word);
      let digits = 0;
      if (stop === 0) {
        count = 4;
        digits = fourDigits(word);
      } else {
        count = digitsBefore(stop);
        digits = someDigits(word, count);
      }
      // Up to 15 digits, where leading zeros take no room, up to 15 more, and those that are only counted.
      if (high < 1e11 && lowDigits === 0) high = high * (tens[count] as number) + digits;
      else if (lowDigits < 12) {
        low = low * (tens[count] as number) + digits;
        lowDigits += count;
      } else dropped += count;
      at += count;
      if (stop === 0) continue;
      if (bytes[at] !== 0x2e || point > 0) break;
      at += 1;
      point = at;
    }
    const whole = (point > 0 ? point - 1 : at) - first;
    if (whole === 0 || (whole > 1 && bytes[first] === 0x30) || at === point || at > lastWord) {
      at = start;
      break;
    }
    let exponent = dropped + (point > 0 ? point - at : 0);
    if (bytes[at] === 0x65 || bytes[at] === 0x45) {
      at += 1;
      const negative = bytes[at] === 0x2d;
      if (negative || bytes[at] === 0x2b) at += 1;
      const exponentStart = at;
      let given = 0;
      for (let digit = (bytes[at] as number) - 0x30; digit >= 0 && digit <= 9; digit = (bytes[at] as number) - 0x30) {
        if (given < 100_000) given = given * 10 + digit;
        at += 1;
        if (at >= lastWord) break;
      }
      if (at === exponentStart) {
        at = start;
        break;
      }
      exponent += negative ? -given : given;
    }
    const small = exponent >= -22 && exponent <= 22;
    let value = 0;
    if (small && lowDigits === 0) {
      value = exponent < 0 ? high / (tens[-exponent] as number) : high * (tens[exponent] as number);
    } else {
      let sure = false;
      if (toFloat32 && exponent <= 0 && exponent >= -22) {
        value = (high * (tens[lowDigits] as number) + low) / (tens[-exponent] as number);
        sure = Math.fround(value * (1 - 2 ** -50)) === Math.fround(value * (1 + 2 ** -50));
      }
      if (!sure) {
        parts[0] = high;
        parts[1] = low;
        decimal.lowDigits = lowDigits;
        decimal.exponent = exponent;
        decimal.dropped = dropped > 0;
        if (!roundDecimal(decimal)) {
          at = start;
          break;
        }
        value = parts[0] as number;
      }
    }
    if ((bytes[at] as number) <= 0x20) at = skipSpace(bytes, at);
    const after = bytes[at];
    if ((after !== 0x2c && after !== 0x5d) || value > most) {
      at = start;
      break;
    }
    out[index] = bytes[start] === 0x2d ? -value : value;
    index += 1;
    if (after === 0x5d) {
      stopped = 'end';
      break;
    }
    at += 1;
    stopped = 'limit';
  }
  cursor.at = at;
  cursor.index = index;
  return stopped;
}
