import type { Shard } from '../../ports/record-format.ts';
import type { Line } from './split-lines.ts';

/**
 * Cuts lines that hold a record each into shards of about `shardBytes`. Lines that `isRecord` says no of belong to no
 * shard's count.
 */
export async function planLines(
  lines: AsyncIterable<readonly Line[]>,
  shardBytes: number,
  isRecord: (line: Line) => boolean,
): Promise<readonly Shard[]> {
  const shards: Shard[] = [];
  let start = -1;
  let end = 0;
  let records = 0;
  let firstRecord = 0;
  const cut = () => {
    if (records > 0) shards.push({ index: shards.length, start, end, firstRecord, records });
    firstRecord += records;
    records = 0;
    start = -1;
  };
  for await (const some of lines) {
    for (const line of some) {
      if (!isRecord(line)) continue;
      if (start < 0) start = line.offset;
      end = line.offset + line.length;
      records += 1;
      if (end - start >= shardBytes) cut();
    }
  }
  cut();
  return shards;
}
