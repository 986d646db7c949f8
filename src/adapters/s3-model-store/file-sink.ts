import { writeSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

// A hop to another thread and back holds the calling thread up for 0.1 ms, a piece that the system only has to keep in
// memory for half of that.
const borderMs = 2;

/**
 * What `downloadRange` writes to where a range is to lie in a file, at the same place as in the object.
 *
 * Writes on the calling thread as long as the disk is quick; from the first write on that was not, on another one.
 */
export function fileSink(file: FileHandle) {
  let isQuick = true;

  const writeHere = (piece: Uint8Array, position: number): void => {
    const startedMs = performance.now();
    // A system may write less than it was given, as on a disk that is nearly full.
    for (let done = 0; done < piece.length; )
      done += writeSync(file.fd, piece, done, piece.length - done, position + done);
    isQuick = performance.now() - startedMs < borderMs;
  };

  return {
    async write(piece: Uint8Array, position: number): Promise<void> {
      if (isQuick) return writeHere(piece, position);
      for (let done = 0; done < piece.length; ) {
        const { bytesWritten } = await file.write(piece, done, piece.length - done, position + done);
        done += bytesWritten;
      }
    },
  };
}
