import type { InputRecord } from '../../ports/record-format.ts';

/** Records that are in memory together: enough for those of like length to meet, few enough to hold. */
export async function* windows(
  records: AsyncIterable<readonly InputRecord[]>,
  maxRecords: number,
  maxBytes: number,
): AsyncIterable<readonly InputRecord[]> {
  let window: InputRecord[] = [];
  let bytes = 0;
  for await (const some of records) {
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
