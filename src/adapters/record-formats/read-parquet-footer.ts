import type { AsyncBuffer, FileMetaData, MetadataOptions, SchemaElement } from 'hyparquet';
import { ServiceError } from '../../protocol/service-error.ts';
import { checkThrift } from './check-thrift.ts';

// A column of a row group takes some 75 to 150 bytes, and 12 to 20 objects: these are a thousand columns in 25 groups.
const mostBytes = 4 * 1024 * 1024;
const mostObjects = 500_000;
const mostLevels = 64;
/** Read at once: most footers have no more. */
const usualBytes = 512 * 1024;
/** Behind it: its length, and PAR1. */
const endBytes = 8;
const magic = 0x31524150;

/**
 * Reads the footer of the Parquet file that is called `key`. A few bytes of one can ask its reader for any amount of
 * memory, so that it is walked first. Rejects with ServiceError 413 where it is larger than those that are read, with
 * an Error where it is broken.
 */
export async function readParquetFooter(
  key: string,
  buffer: AsyncBuffer,
  parsers: NonNullable<MetadataOptions['parsers']>,
): Promise<FileMetaData> {
  const { parquetMetadata } = await import('hyparquet');
  const { byteLength } = buffer;
  const last = await buffer.slice(Math.max(0, byteLength - usualBytes), byteLength);
  const bytes = footerBytes(last);
  const isThere = bytes !== undefined && bytes + endBytes <= byteLength;
  if (isThere && bytes > mostBytes)
    throw new ServiceError(
      413,
      `'${key}': its footer has ${bytes} bytes, more than the ${mostBytes} that are read; write it with fewer, larger row groups, or in several files`,
    );
  const isCut = isThere && bytes + endBytes > last.byteLength;
  const end = isCut ? await buffer.slice(byteLength - bytes - endBytes, byteLength) : last;
  if (isThere) checkThrift(new Uint8Array(end, end.byteLength - bytes - endBytes, bytes), 0, mostObjects);
  // Also tells what is wrong with one that is none.
  const metadata = parquetMetadata(end, { geoparquet: false, parsers });
  checkLevels(metadata.schema);
  return metadata;
}

/** Undefined where it does not end as Parquet does. */
function footerBytes(last: ArrayBuffer): number | undefined {
  if (last.byteLength < endBytes) return undefined;
  const view = new DataView(last, last.byteLength - endBytes);
  return view.getUint32(4, true) === magic ? view.getUint32(0, true) : undefined;
}

/** Throws an Error where columns lie in one another without an end: trees of them are walked by calls in one another. */
function checkLevels(schema: readonly SchemaElement[]): void {
  const left: number[] = [];
  for (const { num_children: children = 0 } of schema) {
    left.push((left.pop() ?? 1) - 1);
    if (children > 0) left.push(children);
    while (left.at(-1) === 0) left.pop();
    if (left.length > mostLevels) throw new Error(`it has columns in more than ${mostLevels} levels`);
  }
}
