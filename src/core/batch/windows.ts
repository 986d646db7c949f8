import type { InputRecord } from '../../ports/record-format.ts';
import type { RecordInput } from '../../protocol/record-input.ts';

// Enough for runs at once to be full.
const records = 512;
// Enough for those of like length to meet.
const recordsOfAnyLength = 4096;

/**
 * Records that are in memory together, up to `maxBytes` of them: few, and more where those that fill `inputs` may have
 * different lengths.
 */
export async function* windows(
  read: AsyncIterable<readonly InputRecord[]>,
  inputs: readonly RecordInput[],
  maxBytes: number,
): AsyncIterable<readonly InputRecord[]> {
  const maxRecords = inputs.some(({ shape }) => shape.includes(-1)) ? recordsOfAnyLength : records;
  let window: InputRecord[] = [];
  let bytes = 0;
  for await (const some of read) {
    for (const record of some) {
      window.push(record);
      bytes += record.bytes;
      if (window.length < maxRecords && bytes < maxBytes) continue;
      yield window;
      window = [];
      bytes = 0;
    }
  }
  if (window.length > 0) yield window;
}
