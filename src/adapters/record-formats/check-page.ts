import type { CompressionCodec, Compressors, DataReader, Encoding, ParquetType, SchemaTree } from 'hyparquet';
import { decompressPage } from 'hyparquet/src/datapage.js';
import { deltaBinaryUnpack } from 'hyparquet/src/delta.js';
import { readRleBitPackedHybrid } from 'hyparquet/src/encoding.js';
import { getMaxDefinitionLevel, getMaxRepetitionLevel } from 'hyparquet/src/schema.js';
import { checkDeltas } from './check-deltas.ts';
import { checkRuns } from './check-runs.ts';
import type { StoredPage } from './pages-in.ts';

/** A column that has pages. */
export interface PagedColumn {
  readonly type: ParquetType;
  readonly codec: CompressionCodec;
  /** From the schema's root to the column. */
  readonly path: SchemaTree[];
  readonly compressors: Compressors;
}

/** What decoding a page comes to, beside its values and bytes. */
export interface PageLoad {
  /** Rows that begin in it. */
  readonly rows: number;
  /** Lists, and what stands for values that may be null, that it begins. */
  readonly lists: number;
  /** Bytes that its texts take from those before them. */
  readonly repeatedBytes: number;
}

/** The values of a page, decompressed, and the levels that say where they belong. */
interface OpenPage {
  readonly reader: DataReader;
  readonly repetition: Uint8Array | undefined;
  /** Values that are not null. */
  readonly values: number;
  readonly encoding: Encoding;
  /** How many bits a value of its runs has; undefined: they say it themselves. */
  readonly width: number | undefined;
  readonly isSecond: boolean;
}

/**
 * Looks through a page before it is decoded: what decodes it takes it by its word, so that few bytes may ask for any
 * amount of memory, or time. Throws an Error where one does.
 */
export function checkPage(page: StoredPage, column: PagedColumn): PageLoad {
  const open = openFirst(page, column) ?? openSecond(page, column);
  if (!open) return { rows: 0, lists: 0, repeatedBytes: 0 };
  const { repetition } = open;
  const opened = listsByLevel(column.path);
  let rows = repetition ? 0 : page.values;
  let lists = rows * (opened[0] as number);
  for (const level of repetition ?? []) {
    if (level === 0) rows += 1;
    lists += opened[level] ?? 0;
  }
  return { rows, lists, repeatedBytes: checkValues(open, page.values) };
}

function openFirst({ header, values, bytes }: StoredPage, column: PagedColumn): OpenPage | undefined {
  const { data_page_header: first } = header;
  if (header.type !== 'DATA_PAGE' || !first) return undefined;
  const reader = readerOf(decompressed(bytes, header.uncompressed_page_size, column));
  const most = getMaxDefinitionLevel(column.path);
  const repetition = levelsOf(reader, getMaxRepetitionLevel(column.path), values);
  const definition = levelsOf(reader, most, values);
  const nulls = definition?.reduce((sum, level) => (level === most ? sum : sum + 1), 0) ?? 0;
  const width = column.type === 'BOOLEAN' ? 1 : undefined;
  return { reader, repetition, values: values - nulls, encoding: first.encoding, width, isSecond: false };
}

function openSecond({ header, values, bytes }: StoredPage, column: PagedColumn): OpenPage | undefined {
  const { data_page_header_v2: second } = header;
  if (header.type !== 'DATA_PAGE_V2' || !second) return undefined;
  const { encoding, definition_levels_byte_length: ofDefinition, repetition_levels_byte_length: ofRepetition } = second;
  const levels = readerOf(bytes);
  const repetition = levelsOf(levels, getMaxRepetitionLevel(column.path), values, ofRepetition);
  levels.offset = ofRepetition;
  levelsOf(levels, getMaxDefinitionLevel(column.path), values, ofDefinition);
  const rest = bytes.subarray(levels.offset);
  const length = header.uncompressed_page_size - ofDefinition - ofRepetition;
  const reader = readerOf(second.is_compressed === false ? rest : decompressed(rest, length, column));
  const width = encoding === 'RLE' ? 1 : undefined;
  return { reader, repetition, values: values - second.num_nulls, encoding, width, isSecond: true };
}

function decompressed(bytes: Uint8Array, length: number, { codec, compressors }: PagedColumn): Uint8Array {
  return decompressPage(bytes, length, codec, compressors);
}

function readerOf(bytes: Uint8Array): DataReader {
  return { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
}

/** Levels from 0 to `most`, one for each value; undefined: they can be but 0. */
function levelsOf(reader: DataReader, most: number, values: number, length?: number): Uint8Array | undefined {
  if (most === 0) return undefined;
  const width = 32 - Math.clz32(most);
  const offset = reader.offset + (length === undefined ? 4 : 0);
  checkRuns({ view: reader.view, offset }, { width, values, most: values });
  const levels = new Uint8Array(values);
  readRleBitPackedHybrid(reader, width, levels, length);
  return levels;
}

/** By the level of repetition how many lists a value begins, one in the other. */
function listsByLevel(path: readonly SchemaTree[]): readonly number[] {
  const found = [0];
  for (const { element, children } of path.slice(1)) {
    const { repetition_type: repetition } = element;
    if (repetition === 'REQUIRED' || (children.length === 0 && repetition !== 'REPEATED')) continue;
    for (const level of found.keys()) found[level] = (found[level] as number) + 1;
    if (repetition === 'REPEATED') found.push(0);
  }
  return found;
}

/** Gives what is repeated in texts, in bytes. */
function checkValues({ reader, values, encoding, width: given, isSecond }: OpenPage, most: number): number {
  switch (encoding) {
    case 'RLE':
    case 'PLAIN_DICTIONARY':
    case 'RLE_DICTIONARY': {
      const width = given ?? reader.view.getUint8(reader.offset);
      // Their length stands before them, or their width.
      const offset = reader.offset + (given === undefined ? 1 : 4);
      // Of pages of the first form, values of no bits have no runs.
      if (width > 0 || isSecond) checkRuns({ view: reader.view, offset }, { width, values, most });
      return 0;
    }
    case 'DELTA_BINARY_PACKED':
    case 'DELTA_LENGTH_BYTE_ARRAY':
      checkDeltas(reader, values);
      return 0;
    case 'DELTA_BYTE_ARRAY': {
      const { view, offset } = reader;
      checkDeltas(reader, values);
      const suffixes = reader.offset;
      const prefixes = new Int32Array(values);
      deltaBinaryUnpack({ view, offset }, values, prefixes);
      checkDeltas({ view, offset: suffixes }, values);
      return prefixes.reduce((sum, prefix) => sum + Math.max(0, prefix), 0);
    }
    default:
      return 0;
  }
}
