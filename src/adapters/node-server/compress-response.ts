import type { HttpResponse } from '../../http/http-message.ts';
import { chooseEncoding, encodeBody } from './content-encoding.ts';

const inProtocol = /^\/v2(\/|$)/;

/**
 * The answer of `path` compressed as the caller's Accept-Encoding allows; undefined where it leaves as it is, as one
 * that streams does, and under `/v2` what answers no inference, as Triton has it: tritonclient.http.aio asks for gzip
 * each time, and undoes it there alone.
 */
export function compressResponse(
  answer: HttpResponse,
  path: string,
  accept: string | string[] | undefined,
): Promise<HttpResponse> | undefined {
  if (answer.stream || typeof accept !== 'string' || (inProtocol.test(path) && !answer.served)) return undefined;
  const bytes = answer.body.reduce((sum, part) => sum + part.length, 0);
  const encoding = chooseEncoding(accept, bytes);
  return encoding && compress(answer, encoding);
}

async function compress(answer: HttpResponse, encoding: 'gzip' | 'deflate'): Promise<HttpResponse> {
  const body = [await encodeBody(Buffer.concat(answer.body), encoding)];
  return { ...answer, headers: [...answer.headers, 'content-encoding', encoding, 'vary', 'accept-encoding'], body };
}
