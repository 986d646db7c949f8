import type { HttpResponse } from '../../http/http-message.ts';
import { chooseEncoding, encodeBody } from './content-encoding.ts';

/**
 * The answer compressed as the caller's Accept-Encoding allows; undefined where it leaves as it is, as one that streams
 * does.
 */
export function compressResponse(
  answer: HttpResponse,
  accept: string | string[] | undefined,
): Promise<HttpResponse> | undefined {
  if (answer.stream || typeof accept !== 'string') return undefined;
  const bytes = answer.body.reduce((sum, part) => sum + part.length, 0);
  const encoding = chooseEncoding(accept, bytes);
  return encoding && compress(answer, encoding);
}

async function compress(answer: HttpResponse, encoding: 'gzip' | 'deflate'): Promise<HttpResponse> {
  const body = [await encodeBody(Buffer.concat(answer.body), encoding)];
  return { ...answer, headers: [...answer.headers, 'content-encoding', encoding, 'vary', 'accept-encoding'], body };
}
