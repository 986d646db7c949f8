import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordFormatOf } from '../../../src/adapters/batch/record-format-of.ts';
import { DirectoryObjectStore } from '../../../src/adapters/directory-object-store/directory-object-store.ts';
import type { RecordFields, Shard } from '../../../src/ports/record-format.ts';
import type { RecordInput } from '../../../src/protocol/record-input.ts';
import { ServiceError } from '../../../src/protocol/service-error.ts';
import type { Tensor } from '../../../src/protocol/tensor.ts';

export interface ReadRecord {
  readonly number: number;
  readonly offset: number;
  readonly json: string;
  readonly tensors?: readonly Tensor[];
  readonly kept?: readonly (string | undefined)[];
  readonly error?: string;
}

export interface ReadOptions {
  readonly shardBytes?: number;
  readonly separator?: string;
}

/** An input of a model, as a field of its own name fills it unless `fields` names others. */
export function input(
  name: string,
  datatype: RecordInput['datatype'],
  shape: readonly number[] = [1],
  fields: readonly string[] = [name],
): RecordInput {
  return { name, datatype, shape, fields };
}

/** Plans a file and reads its shards, each by itself, as a job does. Rejects with what planning is refused for. */
export async function readRecords(
  name: string,
  content: string | Uint8Array,
  fields: RecordFields,
  { shardBytes = 1024, separator }: ReadOptions = {},
): Promise<{ readonly shards: readonly Shard[]; readonly records: readonly ReadRecord[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'records-'));
  try {
    await writeFile(join(folder, name), content);
    const store = new DirectoryObjectStore(folder);
    const file = await store.find(name);
    if (!file) throw new TypeError('the file was not written');
    const open = () =>
      recordFormatOf(name, { work: new DirectoryObjectStore(join(folder, 'out')), ...(separator && { separator }) })
        .records;
    const shards = await open().plan(store, file, shardBytes, fields);
    const records: ReadRecord[] = [];
    for (const shard of shards) {
      const before = records.length;
      for await (const some of open().read(store, file, shard, fields)) {
        for (const record of some) records.push(tried(record));
      }
      if (records.length - before !== shard.records) throw new TypeError('the shard has another number of records');
    }
    return { shards, records };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function tried(record: {
  readonly number: number;
  readonly offset: number;
  toJson(): string;
  decode(): { readonly tensors: readonly Tensor[]; readonly kept: readonly (string | undefined)[] };
}): ReadRecord {
  const { number, offset } = record;
  const json = record.toJson();
  try {
    return { number, offset, json, ...record.decode() };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return { number, offset, json, error: error.message };
  }
}
