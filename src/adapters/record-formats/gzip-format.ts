import type { FileReader, ObjectStore, StoredFile } from '../../ports/object-store.ts';
import type { InputRecord, RecordFields, RecordFormat, Shard } from '../../ports/record-format.ts';
import { DecompressedStore } from './decompressed-store.ts';

export interface GzipOptions {
  /** The format of what the gzip holds. */
  readonly inner: RecordFormat;
  /** Where the text of each shard is kept, so that shards can be read apart. */
  readonly work: ObjectStore;
  /** Bytes that the gzip may hold. */
  readonly maxBytes: number;
}

/** A file of text under gzip. Planning decompresses it, in two passes; offsets are of the text. Source: RFC 1952. */
export class GzipFormat implements RecordFormat {
  readonly #options: GzipOptions;

  constructor(options: GzipOptions) {
    this.#options = options;
  }

  async plan(store: FileReader, file: StoredFile, shardBytes: number, fields: RecordFields): Promise<readonly Shard[]> {
    if (file.bytes === 0) return [];
    const text = this.#text(store, file);
    const shards = await this.#options.inner.plan(text, asText(file), shardBytes, fields);
    await text.keep(shards);
    return shards;
  }

  read(store: FileReader, file: StoredFile, shard: Shard, fields: RecordFields): AsyncIterable<readonly InputRecord[]> {
    return this.#options.inner.read(this.#text(store, file), asText(file), shard, fields);
  }

  #text(store: FileReader, file: StoredFile): DecompressedStore {
    return new DecompressedStore(store, file, this.#options.work, this.#options.maxBytes);
  }
}

/** How many bytes the text has, only reading it tells. */
function asText(file: StoredFile): StoredFile {
  return { ...file, bytes: Number.POSITIVE_INFINITY };
}
