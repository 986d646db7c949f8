import type { Writable } from 'node:stream';

/** What pieces are written to: a stream of Node's, or what Lambda's runtime gives in place of one. */
export type PieceWriter = Pick<Writable, 'destroyed' | 'write' | 'on' | 'off'>;

/**
 * Writes pieces to `writer`, each as it comes and no faster than it takes them. Ends them early (`return`) where
 * `writer` is closed before. Rejects where they do; `writer` is neither ended nor closed by this.
 */
export async function writePieces(writer: PieceWriter, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const piece of pieces) {
    if (writer.destroyed) return;
    if (!writer.write(piece)) await drained(writer);
  }
}

/** Resolves once there is room for more, or nobody to take it. */
function drained(writer: PieceWriter): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      writer.off('drain', settle);
      writer.off('close', settle);
      resolve();
    };
    writer.on('drain', settle);
    writer.on('close', settle);
    if (writer.destroyed) settle();
  });
}
