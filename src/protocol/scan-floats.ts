import type { JsonScanner } from './json-scanner.ts';
import { largestFloat } from './largest-float.ts';
import type { NumberCursor, Stopped } from './number-cursor.ts';
import type { ReadRow } from './scan-array.ts';
import { scanLongFloats } from './scan-long-floats.ts';
import { scanShortFloats } from './scan-short-floats.ts';
import { ServiceError } from './service-error.ts';
import { wrongKind } from './wrong-kind.ts';

const decoder = new TextDecoder();

// Numbers that are read by one call: V8 enters a function of its best code by a call, and takes its time with a long
// loop.
const block = 256;

// Bytes of a number, with what parts it from the next, that are surely of no more digits than an exact double has.
const shortWidth = 17;

// Bytes that JSON.parse is given at once.
const pieceBytes = 32 * 1024;

/**
 * Reads numbers into `out`, each as `JSON.parse` would, and rounded to FP32 where `out` is.
 *
 * `scanShortFloats` and `scanLongFloats` read most of them, in blocks; what they leave goes to `Number`, one by one.
 * Where that is often, as for numbers below 1e-307, and where numbers of more than 15 digits come in a row, the next
 * ones are left to `JSON.parse`, which is then the faster way.
 */
export function readFloats(out: Float32Array | Float64Array, input: string, datatype: 'FP32' | 'FP64'): ReadRow {
  const most = largestFloat[datatype];
  let cursor: NumberCursor | undefined;
  let longs = 1;
  let width = 0;
  let alone = 0;

  /** Reads the number at the scanner, of any form. */
  const readOne = (scanner: JsonScanner, index: number): void => {
    const number = scanNumber(scanner, input, index);
    const value = Number(number);
    if (Math.abs(value) > most) {
      const got = number.slice(0, 40);
      throw new ServiceError(400, `input '${input}', element ${index}: ${got} is too large for ${datatype}`);
    }
    out[index] = value;
  };

  /** Reads the number at `cursor`, of any form, and some of those behind it where that is the faster way. */
  const readAlone = (scanner: JsonScanner, cursor: NumberCursor): Stopped => {
    scanner.at = cursor.at;
    scanner.next();
    readOne(scanner, cursor.index);
    cursor.index += 1;
    alone += 1;
    const more = scanner.next() === 0x2c;
    cursor.at = more ? scanner.at + 1 : scanner.at;
    if (more && alone >= 64 && alone * 8 >= cursor.index) return parsePiece(cursor, out, most);
    return more ? 'limit' : 'end';
  };

  return (scanner, from, isAlone) => {
    if (isAlone) {
      readOne(scanner, from);
      return from + 1;
    }
    const { bytes } = scanner;
    cursor ??= {
      bytes,
      view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
      lastWord: bytes.length - 4,
      at: 0,
      index: 0,
    };
    cursor.index = from;
    for (;;) {
      scanner.next();
      cursor.at = scanner.at;
      const before = cursor.index;
      let stopped = scanShortFloats(cursor, out, before + block);
      if (stopped === 'other') {
        const { at, index } = cursor;
        // The longer the run of long numbers, the longer until the short way is tried again.
        longs = index === before ? Math.min(longs * 2, block) : 1;
        if (longs === block && width > shortWidth) stopped = parsePiece(cursor, out, most);
        if (stopped === 'other') {
          stopped = scanLongFloats(cursor, out, index + longs, most);
          width = (cursor.at - at) / (cursor.index - index);
        }
        if (stopped === 'other' && cursor.index === index) stopped = readAlone(scanner, cursor);
      }
      scanner.at = cursor.at;
      if (stopped === 'end') return cursor.index;
    }
  };
}

/** Takes a number; returns its text. The words that people write for numbers that JSON lacks get advice. */
function scanNumber(scanner: JsonScanner, input: string, index: number): string {
  const { bytes, at } = scanner;
  const first = bytes[at] ?? 0;
  const digit = first === 0x2d ? (bytes[at + 1] ?? 0) : first;
  if (digit >= 0x30 && digit <= 0x39) return scanner.number();
  if (/^"?[-+]?(nan|inf)/i.test(decoder.decode(bytes.subarray(at, at + 6)))) {
    throw new ServiceError(
      400,
      `input '${input}', element ${index}: JSON has no NaN and no infinities (at byte ${at}); send the tensor as binary data (binary_data_size), records of a batch job as .npy or .parquet`,
    );
  }
  return wrongKind(scanner, `input '${input}', element ${index}`, 'a number');
}

/**
 * Leaves the next numbers of the row to `JSON.parse`; those of a piece that it does not make numbers of, to the caller.
 */
function parsePiece(cursor: NumberCursor, out: Float32Array | Float64Array, most: number): Stopped {
  const piece = cursor.bytes.subarray(cursor.at, cursor.at + pieceBytes);
  const close = piece.indexOf(0x5d);
  const end = close < 0 ? piece.lastIndexOf(0x2c) : close;
  const values = parseArray(piece.subarray(0, Math.max(end, 0)));
  const { index } = cursor;
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i];
    if (typeof value !== 'number' || Math.abs(value) > most) return 'other';
    out[index + i] = value;
  }
  if (values.length === 0) return 'other';
  cursor.index += values.length;
  cursor.at += close < 0 ? end + 1 : end;
  return close < 0 ? 'limit' : 'end';
}

// A text put together of several would be copied once more by JSON.parse.
const bracketed = new Uint8Array(pieceBytes + 2);

/** What `JSON.parse` makes of the elements; nothing where they do not parse. */
function parseArray(elements: Uint8Array): readonly unknown[] {
  bracketed[0] = 0x5b;
  bracketed.set(elements, 1);
  bracketed[elements.length + 1] = 0x5d;
  try {
    return JSON.parse(decoder.decode(bracketed.subarray(0, elements.length + 2))) as unknown[];
  } catch {
    return [];
  }
}
