import type { PageHeader } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { checkThrift } from './check-thrift.ts';

/** A page of a column, as it is stored. */
export interface StoredPage {
  readonly header: PageHeader;
  /** Of a dictionary as well. */
  readonly values: number;
  readonly bytes: Uint8Array;
}

// The header of a page has but a few structs, lists and texts.
const mostObjects = 1024;

/** The pages that lie in `bytes`, in order. Throws an Error where they are not what their headers say. */
export function* pagesIn(bytes: Uint8Array): Iterable<StoredPage> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // As what decodes them does, which takes no byte alone for a page.
  for (let at = 0; at < bytes.length - 1; ) {
    const start = checkThrift(bytes, at, mostObjects);
    const header = parquetHeader({ view, offset: at });
    const { data_page_header_v2: second, compressed_page_size: stored } = header;
    const values = headOf(header)?.num_values ?? 0;
    const told = [header.uncompressed_page_size, stored, values];
    // Without them what decodes it would read at no place, which is the first byte over and over.
    const ofSecond = second
      ? [second.num_nulls, second.definition_levels_byte_length, second.repetition_levels_byte_length]
      : [];
    const isCount = (number: number) => Number.isInteger(number) && number >= 0;
    if (![...told, ...ofSecond].every(isCount) || stored > bytes.length - start)
      throw new Error('a page of it is none, or is cut off');
    yield { header, values, bytes: bytes.subarray(start, start + stored) };
    at = start + stored;
  }
}

/** Of several heads that of the page's type, which is decoded by it. */
function headOf(header: PageHeader): { readonly num_values: number } | undefined {
  if (header.type === 'DATA_PAGE') return header.data_page_header;
  return header.type === 'DATA_PAGE_V2' ? header.data_page_header_v2 : header.dictionary_page_header;
}
