import type { DataReader } from 'hyparquet';
import { readVarInt } from 'hyparquet/src/thrift.js';

interface Runs {
  /** Bits of a value. */
  readonly width: number;
  /** How many values are decoded; the last run may have more. */
  readonly values: number;
  /** How many all runs may have. */
  readonly most: number;
}

/**
 * Walks runs of values, each of which is one value so many times, or values one by one, as what decodes them does.
 * Throws an Error where a run says that it is more than there can be: a few bytes may ask for any number.
 *
 * Source: github.com/apache/parquet-format, Encodings.md, RLE.
 */
export function checkRuns({ view, offset }: DataReader, { width, values, most }: Runs): void {
  const reader = { view, offset };
  for (let seen = 0; seen < values; ) {
    const head = readVarInt(reader) >>> 0;
    const number = head >>> 1;
    const isOneByOne = (head & 1) === 1;
    const count = isOneByOne ? number * 8 : number;
    const bytes = view.byteLength - reader.offset;
    // Those one by one come in eights, of which the last may be filled up; they are there, unless they have no bits.
    const isThere = isOneByOne && width > 0 ? number * width <= bytes : count <= most - seen + (isOneByOne ? 7 : 0);
    if (!isThere) throw new Error(`a page of it has a run of ${count} values, and ${most} in all`);
    seen += count;
    // The decoder reads a byte of values one by one in any case.
    reader.offset += isOneByOne ? Math.max(1, number * width) : (width + 7) >> 3;
  }
}
