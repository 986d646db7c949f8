import { splitLines } from '../../core/batch/split-lines.ts';
import type { FileReader, StoredFile } from '../../ports/object-store.ts';

const maxRecordBytes = 16 * 1024 * 1024;

/**
 * The lines of a file that are not blank, of those that begin in its first `mostBytes`. No more of it is read than these
 * may have, as what is under gzip may be blank without an end.
 */
export async function* filledLines(store: FileReader, file: StoredFile, mostBytes: number): AsyncIterable<string> {
  const decoder = new TextDecoder();
  const pieces = store.read(file, 0, Math.min(file.bytes, mostBytes + maxRecordBytes));
  for await (const lines of splitLines(pieces, { maxBytes: maxRecordBytes, offset: 0 })) {
    for (const { offset, text } of lines) {
      if (offset >= mostBytes) return;
      if (text.length === 0) continue;
      const line = decoder.decode(text);
      if (line.trim() !== '') yield line;
    }
  }
}
