import type { HttpResponse } from '../src/http/http-message.ts';
import { ServiceError } from '../src/protocol/service-error.ts';
import { maxResultBytes } from './max-result-bytes.ts';

/**
 * An answer that streams, as a whole, for callers that are not given streams. Rejects with 413 where Lambda would not
 * carry it.
 */
export async function joinStream({ stream, ...answer }: HttpResponse): Promise<HttpResponse> {
  if (!stream) return answer;
  const body = [...answer.body];
  let bytes = body.reduce((sum, part) => sum + part.length, 0);
  for await (const piece of stream) {
    bytes += piece.length;
    if (bytes > maxResultBytes)
      throw new ServiceError(
        413,
        `the answer is over ${maxResultBytes} bytes, more than Lambda carries at once, and answers do not stream here; ask for less of it`,
      );
    body.push(piece);
  }
  return { ...answer, body };
}
