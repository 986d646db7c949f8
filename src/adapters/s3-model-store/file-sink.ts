import type { FileHandle } from 'node:fs/promises';

/** What `downloadRange` writes to where a range is to lie in a file, at the same place as in the object. */
export function fileSink(file: FileHandle) {
  return {
    async write(piece: Uint8Array, position: number): Promise<void> {
      // A system may write less than it was given, as on a disk that is nearly full.
      for (let done = 0; done < piece.length; ) {
        const { bytesWritten } = await file.write(piece, done, piece.length - done, position + done);
        done += bytesWritten;
      }
    },
  };
}
