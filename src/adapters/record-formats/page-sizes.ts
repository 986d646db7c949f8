import { parquetHeader } from 'hyparquet/src/column.js';
import { checkThrift } from './check-thrift.ts';

/** What the pages of a column of a row group come to, by what their headers say. */
export interface PageSizes {
  /** Bytes that they have decompressed. */
  readonly bytes: number;
  readonly values: number;
  /** Values of the page that has most. */
  readonly most: number;
}

// The header of a page has but a few structs, lists and texts.
const mostObjects = 1024;

/** Adds up the pages that lie in `bytes`. Throws an Error where they are not what their headers say. */
export function pageSizes(bytes: Uint8Array): PageSizes {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sizes = { bytes: 0, values: 0, most: 0 };
  // As what decodes them does, which takes no byte alone for a page.
  for (let at = 0; at < bytes.length - 1; ) {
    const end = checkThrift(bytes, at, mostObjects);
    const header = parquetHeader({ view, offset: at });
    const { uncompressed_page_size: decompressed, compressed_page_size: stored } = header;
    const { data_page_header_v2: second } = header;
    const values = (header.data_page_header ?? second ?? header.dictionary_page_header)?.num_values ?? 0;
    const told = [decompressed, stored, values];
    const ofSecond = [second?.num_nulls, second?.definition_levels_byte_length, second?.repetition_levels_byte_length];
    if (
      ![...told, ...ofSecond.map((number) => number ?? 0)].every((number) => number >= 0) ||
      stored > bytes.length - end
    )
      throw new Error('a page of it is none, or is cut off');
    sizes.bytes += decompressed;
    sizes.values += values;
    sizes.most = Math.max(sizes.most, values);
    at = end + stored;
  }
  return sizes;
}
