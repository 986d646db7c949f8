import { type FileHandle, open } from 'node:fs/promises';
import type { RandomAccess } from '../../ports/random-access.ts';

/**
 * A file that is opened for each read, so that nobody has to close it, and a model may name thousands of them. Rejects where there is
 * none; a read rejects where the file was changed since.
 */
export async function fileAccess(path: string): Promise<RandomAccess> {
  const { size, mtimeMs } = await withFile(path, (file) => file.stat());
  return {
    size,
    read: (offset, length) =>
      withFile(path, async (file) => {
        const now = await file.stat();
        if (now.size !== size || now.mtimeMs !== mtimeMs) throw new Error(`${path} was changed while it was read`);
        const bytes = Buffer.allocUnsafe(length);
        let at = 0;
        while (at < length) {
          const { bytesRead } = await file.read(bytes, at, length - at, offset + at);
          if (bytesRead === 0)
            throw new Error(`${path} ends at ${offset + at}: ${length} bytes from ${offset} were asked for`);
          at += bytesRead;
        }
        return bytes;
      }),
  };
}

async function withFile<T>(path: string, work: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path);
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}
