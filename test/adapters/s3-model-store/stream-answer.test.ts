import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import tls from 'node:tls';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { AnswerHead } from '../../../src/adapters/s3-model-store/answer-head.ts';
import { streamAnswer } from '../../../src/adapters/s3-model-store/stream-answer.ts';
import { localhostCertificate } from '../../fakes/localhost-certificate.ts';

const body = Buffer.from(Uint32Array.from({ length: 400_000 }, (_item, index) => index).buffer);
const head = `HTTP/1.1 206 Partial Content\r\nETag: "a"\r\nContent-Length: ${body.length}\r\n\r\n`;
const signed = { path: '/models/a?b=c', headers: { host: 'ignored', range: 'bytes=0-1' } };
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A server that hands each connection on once a request has come; the address of it. */
async function serve(answer: (socket: Socket, request: string) => void, isSecure = false): Promise<URL> {
  const begin = (socket: Socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (request) => answer(socket, String(request)));
  };
  const server = isSecure ? tls.createServer(localhostCertificate, begin) : createServer(begin);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return new URL(isSecure ? `https://localhost:${port}` : `http://127.0.0.1:${port}`);
}

/** What lands; each piece after so many ms, as on a slow disk. */
async function receive(
  base: URL,
  { pauseMs = 0, signal = AbortSignal.timeout(5000), silenceMs = 2000, headers = signed.headers } = {},
) {
  const pieces: Buffer[] = [];
  let given: AnswerHead | undefined;
  const failure = await streamAnswer(base, { method: 'GET', signal }, { ...signed, headers }, silenceMs, (answer) => {
    given = answer;
    return async (piece) => {
      if (pauseMs) await sleep(pauseMs);
      pieces.push(Buffer.from(piece));
    };
  }).then(
    () => undefined,
    (error: Error) => error,
  );
  return { landed: Buffer.concat(pieces), head: given, failure };
}

describe('an answer', () => {
  test.each([false, true])('lands as it was sent, over TLS: %s', async (isSecure) => {
    let asked = '';
    tls.setDefaultCACertificates([localhostCertificate.cert]);
    const base = await serve((socket, request) => {
      asked = request;
      socket.end(Buffer.concat([Buffer.from(head), body]));
    }, isSecure);
    const { landed, head: given, failure } = await receive(base);
    expect(failure).toBeUndefined();
    expect(given).toMatchObject({ status: 206, headers: { etag: '"a"' } });
    expect(landed.equals(body)).toBe(true);
    expect(asked).toBe(
      `GET /models/a?b=c HTTP/1.1\r\nhost: ${base.host}\r\nrange: bytes=0-1\r\nconnection: close\r\n\r\n`,
    );
  });

  test.each([false, true])(
    'lands as it was sent where the disk is slower than the network, over TLS: %s',
    async (isSecure) => {
      tls.setDefaultCACertificates([localhostCertificate.cert]);
      const base = await serve((socket) => socket.end(Buffer.concat([Buffer.from(head), body])), isSecure);
      const { landed } = await receive(base, { pauseMs: 30 });
      expect(landed.equals(body)).toBe(true);
    },
  );

  test('may come byte by byte, and say more than its length', async () => {
    const base = await serve(async (socket) => {
      socket.setNoDelay(true);
      for (const byte of Buffer.from('HTTP/1.1 200 OK\r\ncontent-length:5\r\n\r\nhello, world')) {
        socket.write(Buffer.of(byte));
        await sleep(1);
      }
    });
    const { landed, failure } = await receive(base);
    expect([String(landed), failure]).toEqual(['hello', undefined]);
  });

  test('may be of no bytes', async () => {
    const base = await serve((socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'));
    expect(await receive(base)).toMatchObject({ landed: Buffer.alloc(0), failure: undefined });
  });
});

describe('what came lands, and the failure says why, where', () => {
  const part = head + 'x'.repeat(300_000);

  test('the connection is cut', async () => {
    const { landed, failure } = await receive(await serve((socket) => socket.end(part)));
    expect(landed).toHaveLength(300_000);
    expect(failure).toMatchObject({ name: 'S3Error', status: 0, message: 'the connection to S3 was cut off' });
  });

  test('nothing more is said', async () => {
    const { landed, failure } = await receive(await serve((socket) => socket.write(part)), { silenceMs: 200 });
    expect(landed).toHaveLength(300_000);
    expect(failure).toMatchObject({ status: 0, message: 'no word from S3 for 200 ms' });
  });

  test('the caller gives up', async () => {
    const abort = new AbortController();
    const receiving = receive(await serve((socket) => socket.write(part)), { signal: abort.signal });
    await sleep(200);
    abort.abort();
    const { landed, failure } = await receiving;
    expect(landed).toHaveLength(300_000);
    expect(failure).toMatchObject({ name: 'AbortError' });
  });
});

describe('is refused:', () => {
  test("an answer of S3's that is an error, with what S3 says of it", async () => {
    const xml = '<Error><Code>SlowDown</Code><Message>Reduce your rate</Message></Error>';
    const chunked = `HTTP/1.1 503 Slow Down\r\nTransfer-Encoding: chunked\r\n\r\n${xml.length.toString(16)}\r\n${xml}\r\n0\r\n\r\n`;
    const { failure } = await receive(await serve((socket) => socket.end(chunked)));
    expect(failure).toMatchObject({ status: 503, code: 'SlowDown', isPassing: true });
    expect(failure?.message).toBe('S3 answered 503 (SlowDown: Reduce your rate)');
  });

  test.each([
    [
      'what is no HTTP',
      'SSH-2.0-OpenSSH_9.2\r\n\r\n',
      /expected an answer of HTTP\/1.1 from S3, got "SSH-2.0-OpenSSH_9.2"/,
    ],
    ['a head without an end', `HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(20_000)}`, /expected an answer of HTTP\/1.1/],
    ['a body of no known length', 'HTTP/1.1 200 OK\r\n\r\nhello', /did not say how long its answer is/],
    [
      'a length that is no number',
      'HTTP/1.1 200 OK\r\nContent-Length: 5x\r\n\r\nhello',
      /did not say how long its answer is/,
    ],
  ])('%s', async (_name, answer, message) => {
    const { landed, failure } = await receive(await serve((socket) => socket.end(answer)));
    expect(failure?.message).toMatch(message);
    expect(landed).toHaveLength(0);
  });

  test('a header with a line break in it, before anything is sent', async () => {
    const base = await serve(() => undefined);
    const { failure } = await receive(base, { headers: { ...signed.headers, range: 'bytes=0-1\r\nx: y' } });
    expect(failure?.message).toMatch(/expected a header without control characters, got "range: bytes=0-1\\r\\nx: y"/);
  });

  test('a certificate that nobody vouches for', async () => {
    tls.setDefaultCACertificates([]);
    const base = await serve((socket) => socket.end(head), true);
    expect((await receive(base)).failure).toMatchObject({ name: 'S3Error', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  });
});
