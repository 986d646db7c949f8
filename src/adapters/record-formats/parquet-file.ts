import { getHeapStatistics } from 'node:v8';
import type { AsyncBuffer, Compressors, FileMetaData, SchemaTree } from 'hyparquet';
import { readBytes } from '../../core/batch/read-bytes.ts';
import { inTurns } from '../../core/pace/in-turns.ts';
import type { Steps } from '../../core/pace/steps.ts';
import type { FileReader, StoredFile } from '../../ports/object-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { timeText } from './time-text.ts';

// What lists take of V8's heap, as measured: of 4 and of 64 numbers, in groups of 17 and of 67 MB.
const heapOfListByte = 7;
const heapOfListRow = 400;
// Of one that stands in another, or for a value that may be null.
const heapOfList = 200;
// Of a row group's wanted columns, as they are stored and decompressed: they are in memory together.
const maxGroupBytes = 256 * 1024 * 1024;
// Of a value: where it is null, what it is, and where it goes to.
const heapOfValue = 24;
// An array of more has a table of its places, which takes many times that.
const mostPageValues = 16 * 1024 ** 2;
// Of rows of values that are in memory together: each of them begins in a page, which is decoded for it.
const bytesAtOnce = 16 * 1024 * 1024;
const mostRowsAtOnce = 64 * 1024;
const leastRowsAtOnce = 1024;

type Row = Readonly<Record<string, unknown>>;

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
    const [{ parquetSchema }, { readParquetFooter }] = await Promise.all([
      import('hyparquet'),
      import('./read-parquet-footer.ts'),
    ]);
    const buffer = bufferOf(store, file);
    return explained(file.key, async () => {
      const metadata = await readParquetFooter(file.key, buffer, parsers);
      return new ParquetFile(file.key, buffer, metadata, parquetSchema(metadata));
    });
  }

  /**
   * The bytes that columns take in a row group, decompressed. Throws ServiceError 413 where those are too many to hold.
   */
  groupBytes(group: number, columns: readonly string[]): number {
    const chunks = this.metadata.row_groups[group]?.columns ?? [];
    const wanted = chunks.filter(({ meta_data }) => columns.includes(meta_data?.path_in_schema[0] ?? ''));
    const bytes = wanted.reduce((sum, { meta_data }) => sum + Number(meta_data?.total_uncompressed_size ?? 0), 0);
    if (bytes > maxGroupBytes) {
      throw this.#tooLarge(group, `${bytes} bytes in the columns that are needed, more than ${maxGroupBytes}`);
    }
    if (!this.#isFlat(columns)) this.#checkLists(group, bytes);
    return bytes;
  }

  /**
   * The rows of a row group, in order, some at a time: each a value by column; strings as their bytes. Rejects with
   * ServiceError 400 where it is broken.
   */
  async *readGroup(group: number, columns: readonly string[]): AsyncIterable<readonly Row[]> {
    const [{ parquetReadObjects }, { pageCompressors }] = await Promise.all([
      import('hyparquet'),
      import('./page-compressors.ts'),
    ]);
    const compressors = await pageCompressors(maxGroupBytes);
    const before = this.metadata.row_groups.slice(0, group);
    const start = before.reduce((sum, { num_rows }) => sum + Number(num_rows), 0);
    const rows = this.#rows(group);
    const options = {
      file: remembered(this.#buffer, await this.#checking(group, columns, compressors)),
      metadata: this.metadata,
      columns: [...columns],
      parsers,
      utf8: false,
      geoparquet: false,
      compressors,
    };
    const atOnce = this.#rowsAtOnce(group, columns);
    for (let at = 0; at < rows; at += atOnce) {
      const end = Math.min(rows, at + atOnce);
      // Without a column the reader gives all of them.
      if (columns.length === 0) yield Array.from({ length: end - at }, () => ({}));
      else {
        const range = { rowStart: start + at, rowEnd: start + end };
        yield await explained(this.#key, () => parquetReadObjects({ ...options, ...range }));
      }
    }
  }

  /**
   * Few, as a row takes many times its bytes; all where they hold lists, whose pages the reader would decode anew each
   * time.
   */
  #rowsAtOnce(group: number, columns: readonly string[]): number {
    const bytes = this.groupBytes(group, columns);
    const rows = this.#rows(group);
    const atOnce = Math.min(mostRowsAtOnce, Math.floor((bytesAtOnce * rows) / Math.max(1, bytes)));
    return this.#isFlat(columns) ? Math.max(leastRowsAtOnce, atOnce) : Math.max(1, rows);
  }

  #checkLists(group: number, bytes: number): void {
    this.#checkHeap(group, bytes * heapOfListByte + this.#rows(group) * heapOfListRow, 'lists');
  }

  #checkHeap(group: number, heap: number, what: string): void {
    // The rest of the limit is for what is young.
    const most = (getHeapStatistics().heap_size_limit * 2) / 3;
    if (heap <= most) return;
    throw this.#tooLarge(
      group,
      `${what} that would take about ${mib(heap)} MiB of memory, more than the ${mib(most)} that there are`,
    );
  }

  /**
   * What hears of bytes of a row group, and where they begin, before their pages are decoded. It rejects with
   * ServiceError 413 where these come to more than the footer says that they do, and than there is room for: few bytes
   * can say that they are many values.
   */
  async #checking(group: number, columns: readonly string[], compressors: Compressors): Promise<OnRead> {
    const [{ pagesIn }, { checkPage }, { getTreePath }] = await Promise.all([
      import('./pages-in.ts'),
      import('./check-page.ts'),
      import('hyparquet/src/schema.js'),
    ]);
    const chunks = this.metadata.row_groups[group]?.columns ?? [];
    const wanted = chunks.flatMap(({ meta_data: data }) => {
      if (!data || !columns.includes(data.path_in_schema[0] ?? '')) return [];
      const start = Number(data.dictionary_page_offset || data.data_page_offset);
      const path = getTreePath(this.schema, data.path_in_schema);
      const column = { type: data.type, codec: data.codec, path, compressors };
      return [{ start, end: start + Number(data.total_compressed_size), column }];
    });
    const taken = this.#taken(group, columns);
    function* check(read: Uint8Array, at: number): Steps<void> {
      for (const { start, end, column } of wanted) {
        if (start < at || end > at + read.length) continue;
        const add = taken();
        for (const page of pagesIn(read.subarray(start - at, end - at))) {
          add(page.values, page.header.uncompressed_page_size);
          const { rows, lists, repeatedBytes } = checkPage(page, column);
          add(0, repeatedBytes, rows, lists);
          yield;
        }
      }
    }
    return (read, at) => inTurns(check(read, at));
  }

  /** Adds up what pages take, each column for itself, and all together. */
  #taken(group: number, columns: readonly string[]) {
    // Of lists all pages are decoded together.
    const isFlat = this.#isFlat(columns);
    let allBytes = 0;
    let heap = 0;
    return () => {
      let most = 0;
      let allRows = 0;
      return (values: number, bytes: number, rows = 0, lists = 0) => {
        allBytes += bytes;
        allRows += rows;
        heap += Math.max(0, isFlat ? values - most : values) * heapOfValue + lists * heapOfList;
        most = Math.max(most, values);
        if (values > mostPageValues)
          throw this.#tooLarge(group, `a page of ${values} values, more than ${mostPageValues}`);
        if (allBytes > maxGroupBytes)
          throw this.#tooLarge(group, `pages of more than ${maxGroupBytes} bytes in the columns that are needed`);
        if (allRows > this.#rows(group))
          throw new Error(`pages of a column have more than its ${this.#rows(group)} rows`);
        this.#checkHeap(group, heap, 'pages');
      };
    };
  }

  #tooLarge(group: number, what: string): ServiceError {
    const rows = this.#rows(group);
    return new ServiceError(
      413,
      `'${this.#key}': row group ${group}, of ${rows} rows, has ${what}; write it with smaller row groups`,
    );
  }

  #rows(group: number): number {
    return Number(this.metadata.row_groups[group]?.num_rows ?? 0);
  }

  #isFlat(columns: readonly string[]): boolean {
    const wanted = this.schema.children.filter(({ element }) => columns.includes(element.name));
    return wanted.every(({ element, children }) => children.length === 0 && element.repetition_type !== 'REPEATED');
  }
}

function mib(bytes: number): number {
  return Math.round(bytes / 1024 ** 2);
}

/** Hears of bytes that were read, and where they begin. */
type OnRead = (bytes: Uint8Array, at: number) => Promise<void>;

/** The same bytes; those that were read stay, as each part of a row group asks for them. */
function remembered(buffer: AsyncBuffer, onRead: OnRead): AsyncBuffer {
  const read = new Map<string, ReturnType<AsyncBuffer['slice']>>();
  const checked = async (start: number, end?: number) => {
    const bytes = await buffer.slice(start, end);
    await onRead(new Uint8Array(bytes), start);
    return bytes;
  };
  return {
    byteLength: buffer.byteLength,
    slice: (start, end) => {
      const range = `${start}-${end}`;
      const bytes = read.get(range) ?? checked(start, end);
      read.set(range, bytes);
      return bytes;
    },
  };
}

/**
 * Strings stay bytes: what is no UTF-8 in them would be replaced in silence. Moments are text, as dates end at
 * milliseconds.
 */
const parsers = {
  stringFromBytes: (bytes: Uint8Array) => bytes,
  timestampFromMilliseconds: (count: bigint) => timeText(count, 3),
  timestampFromMicroseconds: (count: bigint) => timeText(count, 6),
  timestampFromNanoseconds: (count: bigint) => timeText(count, 9),
};

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
