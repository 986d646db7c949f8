import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpResponse } from '../../http/http-message.ts';
import { totalTiming } from '../../http/total-timing.ts';
import { compressResponse } from './compress-response.ts';
import { sendStream } from './send-stream.ts';

export interface SendOptions {
  readonly requestId: string;
  /** Without the base path. */
  readonly path: string;
  /** When the request arrived, by `performance.now()`. */
  readonly started: number;
  /** Whether the connection is to end with this answer. */
  readonly last: boolean;
  /** Where the answer stands in the caller's trace. */
  readonly traceparent: string | undefined;
  /** Names and values, one after the other, that all answers have. */
  readonly common: readonly string[];
}

const joinedBytes = 64 * 1024;

/**
 * Writes `answer`, compressed where the caller takes it and it does not stream; a promise only where that takes a
 * while.
 */
export function sendResponse(
  message: IncomingMessage,
  response: ServerResponse,
  answer: HttpResponse,
  options: SendOptions,
): Promise<void> | undefined {
  if (answer.stream) return stream(message, response, answer, answer.stream, options);
  const pending = compressResponse(answer, options.path, message.headers['accept-encoding']);
  if (!pending) return write(message, response, answer, options);
  return pending.then((compressed) => write(message, response, compressed, options));
}

function write(
  message: IncomingMessage,
  response: ServerResponse,
  answer: HttpResponse,
  options: SendOptions,
): undefined {
  const { status, body } = answer;
  const bytes = body.length === 1 ? (body[0] as Uint8Array).length : body.reduce((sum, part) => sum + part.length, 0);
  const headers = headersOf(message, answer, options);
  headers.push('content-length', String(bytes));
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

/** Its head leaves at once. */
async function stream(
  message: IncomingMessage,
  response: ServerResponse,
  answer: HttpResponse,
  pieces: NonNullable<HttpResponse['stream']>,
  options: SendOptions,
): Promise<void> {
  // nginx would keep the pieces until it has many.
  response.writeHead(answer.status, [...headersOf(message, answer, options), 'x-accel-buffering', 'no']);
  response.flushHeaders();
  for (const part of answer.body) response.write(part);
  if (message.method === 'HEAD') {
    await pieces.return();
    response.end();
  } else await sendStream(response, pieces);
}

function headersOf(
  { complete }: IncomingMessage,
  { headers, timing, chosen, served = chosen }: HttpResponse,
  { requestId, started, last, traceparent, common }: SendOptions,
): string[] {
  const all = [...headers, ...common, 'x-request-id', requestId];
  if (served) all.push('x-tensorgate-version', served.version);
  if (served?.alias !== undefined) all.push('x-tensorgate-alias', served.alias);
  all.push('server-timing', totalTiming(timing, performance.now() - started));
  if (traceparent !== undefined) all.push('traceparent', traceparent);
  // A body that was not read to its end would be taken for the next request.
  if (last || !complete) all.push('connection', 'close');
  return all;
}
