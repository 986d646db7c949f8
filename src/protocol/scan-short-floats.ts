import { digitsBefore, firstStop, fourDigits, someDigits, zeros } from './digit-word.ts';
import type { NumberCursor, Stopped } from './number-cursor.ts';
import { skipSpace } from './skip-space.ts';

const tens = Float64Array.from({ length: 16 }, (_, i) => Number(`1e${i}`));
const signs = Float64Array.of(1, -1);

/**
 * Reads numbers of up to 15 digits, 11 at most on either side of the point, and no exponent: what most tensors are made
 * of.
 *
 * Up to 15 digits are an exact double, and one division of exact doubles is correctly rounded (Clinger, "How to Read
 * Floating Point Numbers Accurately", 1990). Stops before any other number, well-formed or not, and near the end of the
 * JSON.
 */
export function scanShortFloats(cursor: NumberCursor, out: Float32Array | Float64Array, limit: number): Stopped {
  const { bytes, view, lastWord } = cursor;
  let { at, index } = cursor;
  let stopped: Stopped = 'limit';
  while (index < limit) {
    if ((bytes[at] as number) <= 0x20) at = skipSpace(bytes, at);
    const start = at;
    stopped = 'other';
    if (at >= lastWord - 32) break;
    const negative = bytes[at] === 0x2d ? 1 : 0;
    at += negative;
    const first = at;
    let value = (bytes[at] as number) - 0x30;
    let digits = 1;
    // Most often one digit and the point: the processor guesses that, and need not wait for the count of digits.
    if (bytes[at + 1] === 0x2e && value >= 0 && value <= 9) at += 1;
    else {
      let word = view.getInt32(at, true) ^ zeros;
      let stop = firstStop(word);
      value = 0;
      for (let words = 0; stop === 0 && words < 2; words += 1) {
        value = value * 1e4 + fourDigits(word);
        at += 4;
        word = view.getInt32(at, true) ^ zeros;
        stop = firstStop(word);
      }
      const count = digitsBefore(stop);
      digits = at + count - first;
      // More digits than were looked at, none, or a zero before another digit.
      if (count < 0 || digits === 0 || (digits > 1 && bytes[first] === 0x30)) {
        at = start;
        break;
      }
      value = value * (tens[count] as number) + someDigits(word, count);
      at += count;
    }
    if (bytes[at] === 0x2e) {
      const point = ++at;
      let word = view.getInt32(at, true) ^ zeros;
      let stop = firstStop(word);
      if (stop === 0) {
        value = value * 1e4 + fourDigits(word);
        at += 4;
        word = view.getInt32(at, true) ^ zeros;
        stop = firstStop(word);
        if (stop === 0) {
          value = value * 1e4 + fourDigits(word);
          at += 4;
          word = view.getInt32(at, true) ^ zeros;
          stop = firstStop(word);
        }
      }
      const count = digitsBefore(stop);
      at += count;
      const decimals = at - point;
      // A point with no digits after it, more digits than were looked at, or more than an exact double has.
      if (count < 0 || decimals === 0 || digits + decimals > 15) {
        at = start;
        break;
      }
      value = (value * (tens[count] as number) + someDigits(word, count)) / (tens[decimals] as number);
    }
    if ((bytes[at] as number) <= 0x20) at = skipSpace(bytes, at);
    const after = bytes[at];
    if (after !== 0x2c && after !== 0x5d) {
      at = start;
      break;
    }
    out[index] = value * (signs[negative] as number);
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
