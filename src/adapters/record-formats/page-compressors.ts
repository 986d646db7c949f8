import { zstdDecompressSync } from 'node:zlib';
import type { Compressors } from 'hyparquet';
import { ServiceError } from '../../protocol/service-error.ts';

/** What decompresses pages of up to `most` bytes, each to no more than its header says. */
export async function pageCompressors(most: number): Promise<Compressors> {
  const { compressors } = await import('hyparquet-compressors');
  const check = (decompress: NonNullable<Compressors[keyof Compressors]>) => (input: Uint8Array, length: number) => {
    // The package's LZ4 takes the byte that stands for nothing for a match: of columns that are all null.
    if (length === 0) return new Uint8Array();
    if (length <= most) return decompress(input, length);
    throw new ServiceError(413, `a page of ${length} bytes is more than the ${most} that may be read at once`);
  };
  // The package's own asks for no length: a few bytes of Zstandard are any number of them.
  const all: Compressors = { ...compressors, ZSTD: zstd };
  return Object.fromEntries(Object.entries(all).map(([name, decompress]) => [name, check(decompress)]));
}

function zstd(input: Uint8Array, length: number): Uint8Array {
  // Zero would be no limit that it takes.
  return zstdDecompressSync(input, { maxOutputLength: Math.max(1, length) });
}
