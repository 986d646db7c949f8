import type { IncomingMessage } from 'node:http';
import { ServiceError } from '../../protocol/service-error.ts';

/** What `Float64Array` and the like, and the runtime, want the start of their data to be a multiple of. */
const alignment = 8;

/**
 * The whole body of a request; `take` hears of each piece's bytes before it is kept, and may refuse it by throwing.
 *
 * Where the body is put together from pieces, its byte `alignedAt` lies so that tensors from there on need no copy.
 *
 * Rejects with 413 as soon as the body is known to pass `maxBytes`.
 */
export function readBody(
  request: IncomingMessage,
  maxBytes: number,
  take: (bytes: number) => void,
  alignedAt: number,
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    if (Number(request.headers['content-length']) > maxBytes) return reject(bodyTooLarge(maxBytes));
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      try {
        if (bytes > maxBytes) throw bodyTooLarge(maxBytes);
        take(chunk.length);
        chunks.push(chunk);
      } catch (error) {
        request.pause();
        reject(error);
      }
    });
    request.on('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : join(chunks, bytes, alignedAt)));
    // Where the caller leaves or breaks off, the stream fails: no fault of ours, whatever it is called.
    request.on('error', (cause) => reject(brokenOff(cause)));
    request.on('close', () => {
      if (!request.complete) reject(brokenOff());
    });
  });
}

function brokenOff(cause?: Error): ServiceError {
  return new ServiceError(400, 'the body broke off before all of it arrived', { cause });
}

function join(chunks: readonly Buffer[], bytes: number, alignedAt: number): Uint8Array {
  const before = (alignment - (alignedAt % alignment)) % alignment;
  const joined = Buffer.allocUnsafeSlow(before + bytes);
  let at = before;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined.subarray(before);
}

function bodyTooLarge(maxBytes: number): ServiceError {
  return new ServiceError(
    413,
    `the body is larger than maxBodyBytes, ${maxBytes} bytes; send less at once (tensors are smaller as binary data), or raise it: serve --limit maxBodyBytes=<bytes>`,
  );
}
