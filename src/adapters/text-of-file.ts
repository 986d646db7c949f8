import { readBytes } from '../core/batch/read-bytes.ts';
import type { FileReader, StoredFile } from '../ports/object-store.ts';

/** All of a small file of text. Rejects as `read`. */
export async function textOfFile(store: FileReader, file: StoredFile): Promise<string> {
  return Buffer.from((await readBytes(store, file)).buffer).toString();
}
