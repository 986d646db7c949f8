import type { DataReader } from 'hyparquet';
import { readVarInt } from 'hyparquet/src/thrift.js';

// A number of 64 bits.
const mostVarintBytes = 10;
// What is left over of fewer would be read as what comes next.
const leastValues = 32;

/**
 * Walks numbers that are written as their differences, and leaves the reader behind them. Throws an Error where what
 * decodes them would come to no end, or would read numbers of any length.
 *
 * Source: github.com/apache/parquet-format, Encodings.md, DELTA_BINARY_PACKED.
 */
export function checkDeltas(reader: DataReader, values: number): void {
  const ofBlock = number(reader);
  const blocks = number(reader);
  const ofPart = ofBlock / blocks;
  if (blocks <= 0 || ofPart <= 0 || !Number.isInteger(ofPart / leastValues))
    throw new Error(`a page of it has blocks of ${ofBlock} differences in ${blocks} parts`);
  // How many there are, and the first of them.
  number(reader);
  number(reader);
  for (let left = values - 1; left > 0; ) {
    number(reader);
    const widths = reader.offset;
    reader.offset += blocks;
    for (let part = 0; part < blocks && left > 0; part += 1) {
      reader.offset += (reader.view.getUint8(widths + part) * ofPart) / 8;
      left -= ofPart;
    }
  }
}

function number(reader: DataReader): number {
  const start = reader.offset;
  const value = readVarInt(reader);
  if (reader.offset - start > mostVarintBytes)
    throw new Error(`a page of it has a number of more than ${mostVarintBytes} bytes`);
  return value;
}
