import type { IncomingMessage } from 'node:http';
import { S3Error } from './s3-error.ts';

/** The whole body of an answer. Rejects with an S3Error where it is cut off, or longer than `maxBytes`. */
export async function readBody(answer: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of answer) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw new S3Error(413, 'TooLarge', `it is over ${maxBytes} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof S3Error) throw error;
    throw new S3Error(0, 'Cut', 'the connection to S3 was cut off', { cause: error });
  }
  return Buffer.concat(chunks);
}
