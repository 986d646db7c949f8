import net from 'node:net';
import tls from 'node:tls';
import type { AnswerHead } from './answer-head.ts';
import { AnswerReceiver, type Land } from './answer-receiver.ts';
import { asS3Error } from './as-s3-error.ts';
import { S3Error } from './s3-error.ts';
import type { S3Request } from './s3-request.ts';
import type { SignedRequest } from './sign-request.ts';

/**
 * Sends a request without a body, over a connection of its own, and hands the body of its answer on in large pieces.
 *
 * The socket reads into memory that is used again and again: node:http allocates 64 KiB for each read and takes each
 * through a parser and a stream, which is three times the processor time of all the rest of a download
 * (docs/decisions/0018).
 *
 * `begin` is told of the head of an answer of status 2xx, and says where the body lands; what it throws ends the
 * request. Rejects with an S3Error for any other status, and one of status 0 after a cut or `silenceMs` without a word:
 * what came until then has landed.
 */
export async function streamAnswer(
  base: URL,
  { method, signal }: S3Request,
  signed: SignedRequest,
  silenceMs: number,
  begin: (head: AnswerHead) => Land,
): Promise<void> {
  signal?.throwIfAborted();
  const asked = requestHead(method, base, signed);
  const receiver = new AnswerReceiver(begin, () => socket.resume());
  let reason: Error | undefined;
  const fail = (error: Error) => {
    reason ??= error;
    socket.destroy();
  };
  const abort = () => fail(signal?.reason);
  const socket = connect(base, receiver, fail)
    .on('error', (error) => fail(asS3Error(error)))
    .on('close', () => receiver.end(reason))
    .setTimeout(silenceMs, () => fail(new S3Error(0, 'Silence', `no word from S3 for ${silenceMs} ms`)));
  signal?.addEventListener('abort', abort, { once: true });
  socket.write(asked);
  try {
    await receiver.whole;
  } finally {
    signal?.removeEventListener('abort', abort);
    socket.destroy();
  }
}

function connect(base: URL, receiver: AnswerReceiver, fail: (error: Error) => void): net.Socket {
  const host = base.hostname.replace(/^\[|\]$/g, '');
  const onread = {
    buffer: () => receiver.room(),
    callback: (bytes: number) => {
      // What is thrown here would end the process.
      try {
        return receiver.take(bytes);
      } catch (error) {
        fail(error as Error);
        return false;
      }
    },
  };
  if (base.protocol === 'http:') return net.connect({ host, port: Number(base.port || 80), onread });
  const servername = net.isIP(host) ? undefined : { servername: host };
  return tls.connect({ host, port: Number(base.port || 443), onread, ...servername } as tls.ConnectionOptions);
}

function requestHead(method: string, base: URL, { path, headers }: SignedRequest): string {
  const lines = Object.entries({ ...headers, host: base.host, connection: 'close' }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  const head = [`${method} ${path} HTTP/1.1`, ...lines];
  // Whoever can put a line break into one of these could add headers, or another request.
  const broken = head.find((line) => /[^\t\x20-\x7e\x80-\xff]/.test(line));
  if (broken !== undefined)
    throw new TypeError(`expected a header without control characters, got ${JSON.stringify(broken)}`);
  return `${head.join('\r\n')}\r\n\r\n`;
}
