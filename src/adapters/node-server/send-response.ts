import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpResponse } from '../../http/http-message.ts';
import { chooseEncoding, encodeBody } from './content-encoding.ts';

export interface SendOptions {
  readonly requestId: string;
  /** When the request arrived, by `performance.now()`. */
  readonly started: number;
  /** Whether the connection is to end with this answer. */
  readonly last: boolean;
}

const joinedBytes = 64 * 1024;

/** Writes `answer`, compressed where the caller takes it; a promise only where that takes a while. */
export function sendResponse(
  message: IncomingMessage,
  response: ServerResponse,
  answer: HttpResponse,
  options: SendOptions,
): Promise<void> | undefined {
  const { body } = answer;
  const bytes = body.length === 1 ? (body[0] as Uint8Array).length : body.reduce((sum, part) => sum + part.length, 0);
  const accept = message.headers['accept-encoding'];
  const encoding = accept === undefined ? undefined : chooseEncoding(accept as string, bytes);
  const headers = [...answer.headers, 'x-request-id', options.requestId];
  if (encoding === undefined) return write(message, response, answer, headers, body, bytes, options);
  return encodeBody(Buffer.concat(body), encoding).then((encoded) => {
    headers.push('content-encoding', encoding, 'vary', 'accept-encoding');
    write(message, response, answer, headers, [encoded], encoded.length, options);
  });
}

function write(
  message: IncomingMessage,
  response: ServerResponse,
  { status, timing }: HttpResponse,
  headers: string[],
  body: readonly Uint8Array[],
  bytes: number,
  { started, last }: SendOptions,
): undefined {
  const total = `total;dur=${(performance.now() - started).toFixed(3)}`;
  headers.push('server-timing', timing === undefined ? total : `${timing}, ${total}`, 'content-length', String(bytes));
  // A body that was not read to its end would be taken for the next request.
  if (last || !message.complete) headers.push('connection', 'close');
  response.writeHead(status, headers);
  if (bytes <= joinedBytes) {
    // Text goes out in one piece with the headers, bytes in a second one.
    const joined = body.length === 1 ? (body[0] as Uint8Array) : Buffer.concat(body);
    response.end(Buffer.from(joined.buffer, joined.byteOffset, joined.length).toString('latin1'), 'latin1');
    return;
  }
  response.cork();
  for (const part of body) response.write(part);
  response.end();
}
