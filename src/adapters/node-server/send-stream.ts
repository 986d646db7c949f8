import type { ServerResponse } from 'node:http';
import { writePieces } from '../write-pieces.ts';

/** Who reads nothing for so long has gone without a word, and what is made for it is held meanwhile. */
const mostUnreadMs = 300_000;

/**
 * Writes the pieces of an answer whose head is written, each as it comes, and ends it. Where the caller leaves,
 * `pieces` are ended early (`return`).
 *
 * Rejects where `pieces` do: what came before still leaves, then the connection ends without the mark of a whole
 * answer, so that the caller sees that it is cut. The connection ends as well where no byte leaves for `unreadMs`: one
 * that is only waited for has comments meanwhile.
 */
export async function sendStream(
  response: ServerResponse,
  pieces: AsyncIterable<Uint8Array>,
  unreadMs = mostUnreadMs,
): Promise<void> {
  try {
    // Of the socket, which is destroyed then: nobody listens.
    response.setTimeout(unreadMs);
    await writePieces(response, pieces);
    response.end();
  } catch (error) {
    // Whatever ends the work of a caller who has left is no failure.
    if (response.destroyed) return;
    if (response.socket) response.socket.destroySoon();
    else response.destroy();
    throw error;
  }
}
