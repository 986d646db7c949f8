import type { ServerResponse } from 'node:http';

/**
 * Writes the pieces of an answer whose head is written, each as it comes, no faster than the caller takes them, and ends it.
 *
 * Ends `stream` early (`return`) where the caller leaves. Rejects where `stream` fails: what came before still leaves, then the
 * connection ends without the mark of a whole answer, so that the caller sees that it is cut.
 */
export async function sendStream(response: ServerResponse, stream: AsyncGenerator<Uint8Array, void>): Promise<void> {
  try {
    for await (const piece of stream) {
      if (response.destroyed) return;
      if (!response.write(piece)) await drained(response);
    }
    response.end();
  } catch (error) {
    // Whatever ends the work of a caller who has left is no failure.
    if (response.destroyed) return;
    if (response.socket) response.socket.destroySoon();
    else response.destroy();
    throw error;
  }
}

/** Resolves once there is room for more, or nobody to take it. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      response.off('drain', settle).off('close', settle);
      resolve();
    };
    response.on('drain', settle).on('close', settle);
    if (response.destroyed) settle();
  });
}
