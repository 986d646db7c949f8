import type { JsonScanner } from './json-scanner.ts';
import type { NumberCursor, Stopped } from './number-cursor.ts';
import type { ReadRow } from './scan-array.ts';
import { scanLongFloats } from './scan-long-floats.ts';
import { scanShortFloats } from './scan-short-floats.ts';
import { ServiceError } from './service-error.ts';

const decoder = new TextDecoder();

// Numbers that are read by one call: V8 enters a function of its best code by a call, and takes its time with a long loop.
const block = 256;

// Half a step above FP32's largest number, which still rounds down to it: IEEE 754, round to nearest.
const largestFloat32 = 3.4028235677973362e38;

/**
 * Reads numbers into `out`, each as `JSON.parse` would, and rounded to FP32 where `out` is.
 *
 * `scanShortFloats` and `scanLongFloats` read most of them, in blocks; what they leave goes to `Number`, one by one.
 * Where that is often, as for numbers below 1e-307, the rest of the row is left to `JSON.parse`, which is then the faster way.
 */
export function readFloats(out: Float32Array | Float64Array, tensor: string, datatype: 'FP32' | 'FP64'): ReadRow {
  const most = datatype === 'FP32' ? largestFloat32 : Number.MAX_VALUE;
  let cursor: NumberCursor | undefined;
  let longs = 1;
  let alone = 0;

  const store = (index: number, value: number, number: string | number): void => {
    if (Math.abs(value) > most) {
      const got = String(number).slice(0, 40);
      throw new ServiceError(400, `${tensor}, element ${index}: ${got} is too large for ${datatype}`);
    }
    out[index] = value;
  };

  /** Reads the number at `cursor`, of any form, and what is left of the row where that is the faster way. */
  const readAlone = (scanner: JsonScanner, cursor: NumberCursor): Stopped => {
    scanner.at = cursor.at;
    scanner.next();
    const number = scanNumber(scanner, tensor);
    store(cursor.index, Number(number), number);
    cursor.index += 1;
    alone += 1;
    const more = scanner.next() === 0x2c;
    cursor.at = more ? scanner.at + 1 : scanner.at;
    if (!more || alone < 64 || alone * 8 < cursor.index) return more ? 'limit' : 'end';
    const close = scanner.bytes.indexOf(0x5d, cursor.at);
    const rest = parseNumbers(scanner.bytes.subarray(cursor.at, Math.max(close, 0)));
    if (!rest) return scanner.fail(`nothing but numbers for ${tensor}, then ']'`);
    for (const value of rest) {
      store(cursor.index, value, value);
      cursor.index += 1;
    }
    cursor.at = close;
    return 'end';
  };

  return (scanner, from) => {
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
        const { index } = cursor;
        // The longer the run of long numbers, the longer until the short way is tried again.
        longs = index === before ? Math.min(longs * 2, block) : 1;
        stopped = scanLongFloats(cursor, out, index + longs, most);
        if (stopped === 'other' && cursor.index === index) stopped = readAlone(scanner, cursor);
      }
      scanner.at = cursor.at;
      if (stopped === 'end') return cursor.index;
    }
  };
}

/** Takes a number; returns its text. The words that people write for numbers that JSON lacks get advice. */
function scanNumber(scanner: JsonScanner, tensor: string): string {
  const start = scanner.at;
  if (/^"?[-+]?(nan|inf)/i.test(decoder.decode(scanner.bytes.subarray(start, start + 6)))) {
    throw new ServiceError(
      400,
      `${tensor}: JSON has no NaN and no infinities (at byte ${start}); send the tensor as binary data (binary_data_size)`,
    );
  }
  const byte = scanner.bytes[start];
  if (byte !== 0x2d && !(byte !== undefined && byte >= 0x30 && byte <= 0x39)) scanner.fail(`a number for ${tensor}`);
  return scanner.number();
}

function parseNumbers(bytes: Uint8Array): readonly number[] | undefined {
  try {
    const values = JSON.parse(`[${decoder.decode(bytes)}]`) as unknown[];
    return values.length > 0 && values.every((value) => typeof value === 'number') ? values : undefined;
  } catch {
    return undefined;
  }
}
