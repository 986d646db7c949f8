import type { AsyncBuffer, Compressors, FileMetaData, SchemaTree } from 'hyparquet';
import { readBytes } from '../../core/batch/read-bytes.ts';
import type { FileReader, StoredFile } from '../../ports/object-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';

// Of a row group's wanted columns, as they are stored and decompressed: they are in memory together.
const maxGroupBytes = 256 * 1024 * 1024;

/** A Parquet file of which only what is asked for is read. Source: github.com/apache/parquet-format. */
export class ParquetFile {
  readonly metadata: FileMetaData;
  readonly schema: SchemaTree;
  readonly #buffer: AsyncBuffer;
  readonly #key: string;

  private constructor(key: string, buffer: AsyncBuffer, metadata: FileMetaData, schema: SchemaTree) {
    this.metadata = metadata;
    this.schema = schema;
    this.#buffer = buffer;
    this.#key = key;
  }

  /** Reads the footer. Rejects with ServiceError 400 where there is none. */
  static async open(store: FileReader, file: StoredFile): Promise<ParquetFile> {
    const { parquetMetadataAsync, parquetSchema } = await import('hyparquet');
    const buffer = bufferOf(store, file);
    return explained(file.key, async () => {
      const metadata = await parquetMetadataAsync(buffer, { geoparquet: false, parsers });
      return new ParquetFile(file.key, buffer, metadata, parquetSchema(metadata));
    });
  }

  /** The bytes that columns take in a row group, decompressed. Throws ServiceError 413 where those are too many to hold. */
  groupBytes(group: number, columns: readonly string[]): number {
    const chunks = this.metadata.row_groups[group]?.columns ?? [];
    const wanted = chunks.filter(({ meta_data }) => columns.includes(meta_data?.path_in_schema[0] ?? ''));
    const bytes = wanted.reduce((sum, { meta_data }) => sum + Number(meta_data?.total_uncompressed_size ?? 0), 0);
    if (bytes <= maxGroupBytes) return bytes;
    throw new ServiceError(
      413,
      `'${this.#key}': row group ${group} has ${bytes} bytes in the columns that are needed, more than ${maxGroupBytes}; write it with smaller row groups`,
    );
  }

  /** The rows of a row group: each a value by column; strings as their bytes. Rejects with ServiceError 400 where it is broken. */
  async readGroup(group: number, columns: readonly string[]): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const [{ parquetReadObjects }, { compressors }] = await Promise.all([
      import('hyparquet'),
      import('hyparquet-compressors'),
    ]);
    this.groupBytes(group, columns);
    const groups = this.metadata.row_groups;
    const rowStart = groups.slice(0, group).reduce((sum, { num_rows }) => sum + Number(num_rows), 0);
    const rowEnd = rowStart + Number(groups[group]?.num_rows ?? 0);
    // Without a column the reader gives all of them.
    if (columns.length === 0) return Array.from({ length: rowEnd - rowStart }, () => ({}));
    const options = { file: this.#buffer, metadata: this.metadata, columns: [...columns], rowStart, rowEnd };
    return explained(this.#key, () =>
      parquetReadObjects({
        ...options,
        parsers,
        utf8: false,
        geoparquet: false,
        compressors: bounded(compressors),
      }),
    );
  }
}

/** Strings stay bytes: what is no UTF-8 in them would be replaced in silence. */
const parsers = { stringFromBytes: (bytes: Uint8Array) => bytes };

function bounded(compressors: Compressors): Compressors {
  const check = (decompress: NonNullable<Compressors[keyof Compressors]>) => (input: Uint8Array, length: number) => {
    if (length <= maxGroupBytes) return decompress(input, length);
    throw new ServiceError(413, `a page of ${length} bytes is more than the ${maxGroupBytes} that may be read at once`);
  };
  return Object.fromEntries(Object.entries(compressors).map(([name, decompress]) => [name, check(decompress)]));
}

function bufferOf(store: FileReader, file: StoredFile): AsyncBuffer {
  return {
    byteLength: file.bytes,
    slice: async (start, end = file.bytes) => {
      if (start < 0 || end > file.bytes || end < start) throw new RangeError('it names bytes that it does not have');
      if (end - start > maxGroupBytes) {
        throw new ServiceError(413, `'${file.key}': ${end - start} bytes at once are more than ${maxGroupBytes}`);
      }
      try {
        return (await readBytes(store, file, start, end)).buffer;
      } catch (error) {
        throw new StoreFault('', { cause: error });
      }
    },
  };
}

/** Tells a store that cannot be read from a file that does not parse. */
class StoreFault extends Error {}

async function explained<T>(key: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StoreFault) throw error.cause;
    if (error instanceof ServiceError) throw error;
    throw new ServiceError(400, `'${key}' is broken, or no Parquet file: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
