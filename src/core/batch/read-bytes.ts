import type { FileReader, StoredFile } from '../../ports/object-store.ts';

/** A range of a file, in memory. */
export async function readBytes(
  store: FileReader,
  file: StoredFile,
  start = 0,
  end = file.bytes,
): Promise<Uint8Array<ArrayBuffer>> {
  const all = new Uint8Array(end - start);
  let at = 0;
  for await (const piece of store.read(file, start, end)) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
