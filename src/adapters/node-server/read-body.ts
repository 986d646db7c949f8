import type { IncomingMessage } from 'node:http';
import { ServiceError } from '../../protocol/service-error.ts';

/** The whole body of a request. Rejects with 413 as soon as it is known to pass `maxBytes`. */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const tooLarge = () =>
    new ServiceError(
      413,
      `the body is larger than maxBodyBytes, ${maxBytes} bytes; send less at once, or use binary tensors`,
    );
  return new Promise((resolve, reject) => {
    if (Number(request.headers['content-length']) > maxBytes) return reject(tooLarge());
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) {
        request.pause();
        reject(tooLarge());
      } else chunks.push(chunk);
    });
    request.on('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, bytes)));
    request.on('error', reject);
    request.on('close', () => {
      if (!request.complete) reject(new ServiceError(400, 'the caller left before the whole body arrived'));
    });
  });
}
