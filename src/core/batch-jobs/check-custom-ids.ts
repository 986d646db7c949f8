import type { ObjectStore, StoredFile } from '../../ports/object-store.ts';
import type { InputRecord, RecordFormat, Shard } from '../../ports/record-format.ts';
import { ServiceError } from '../../protocol/service-error.ts';

/**
 * Rejects with ServiceError 400 where two requests of a job have one `custom_id`: nobody could tell their answers
 * apart. Lines that do not parse are left to be answered so.
 */
export async function checkCustomIds(
  format: RecordFormat,
  input: ObjectStore,
  file: StoredFile,
  shards: readonly Shard[],
): Promise<void> {
  const seen = new Map<unknown, number>();
  for (const shard of shards) {
    for await (const records of format.read(input, file, shard, { inputs: [], kept: ['custom_id'] })) {
      for (const record of records) {
        const id = customIdOf(record);
        const before = seen.get(id);
        if (typeof id !== 'string') continue;
        if (before !== undefined) {
          throw new ServiceError(
            400,
            `requests ${before} and ${record.number} (the first is 0) have the same custom_id, ${JSON.stringify(id).slice(0, 100)}; give each its own`,
          );
        }
        seen.set(id, record.number);
      }
    }
  }
}

function customIdOf(record: InputRecord): unknown {
  try {
    const [json] = record.decode().kept;
    return json && JSON.parse(json);
  } catch (error) {
    if (error instanceof ServiceError) return undefined;
    throw error;
  }
}
