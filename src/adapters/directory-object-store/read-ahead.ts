import type { FileHandle } from 'node:fs/promises';

// Of longer ones some outlive two collections, and are dead weight until the old heap is collected.
const pieceBytes = 64 * 1024;
// A read costs a wait for another thread, longer than it takes to look through a piece for the ends of lines.
const inFlight = 4;

/**
 * The bytes of a file from `start` to before `end`, in pieces; fewer where it ends before. While one is used, the next
 * ones are read.
 */
export async function* readAhead(handle: FileHandle, start: number, end: number): AsyncGenerator<Uint8Array, void> {
  let next = start;
  const reads: Promise<Uint8Array>[] = [];
  const begin = () => {
    if (next >= end) return;
    const read = readPiece(handle, next, Math.min(end - next, pieceBytes));
    // What it rejects with is met in its turn, if that comes.
    read.catch(() => undefined);
    reads.push(read);
    next += pieceBytes;
  };
  try {
    for (let begun = 0; begun < inFlight; begun += 1) begin();
    for (let read = reads.shift(); read; read = reads.shift()) {
      const piece = await read;
      begin();
      if (piece.length > 0) yield piece;
    }
  } finally {
    // The file may be closed only then.
    await Promise.allSettled(reads);
  }
}

async function readPiece(handle: FileHandle, at: number, bytes: number): Promise<Uint8Array> {
  const piece = new Uint8Array(bytes);
  let filled = 0;
  while (filled < bytes) {
    const { bytesRead } = await handle.read(piece, filled, bytes - filled, at + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled < bytes ? piece.subarray(0, filled) : piece;
}
