import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { NodeServer } from '../../src/adapters/node-server/node-server.ts';
import { RequestsInHand } from '../../src/adapters/requests-in-hand.ts';
import type { HttpRequest, HttpResponse } from '../../src/http/http-message.ts';
import { jsonResponse } from '../../src/http/json-response.ts';
import { ServiceError } from '../../src/protocol/service-error.ts';
import { defaultLimits } from '../../src/settings.ts';

interface Told {
  readonly path: string;
  readonly status: number;
  readonly error: unknown;
}

/** Pieces that leave one by one, each as the test lets it. */
class Pieces {
  /** How many were asked for. */
  asked = 0;
  hasEnded = false;
  signal: AbortSignal | undefined;
  #gate = Promise.withResolvers<string | Error | undefined>();

  /** Lets one leave; an error: fails; undefined: ends. */
  let(piece: string | Error | undefined): void {
    const gate = this.#gate;
    this.#gate = Promise.withResolvers();
    gate.resolve(piece);
  }

  async *stream(): AsyncGenerator<Uint8Array, void> {
    try {
      for (;;) {
        this.asked += 1;
        const piece = await this.#gate.promise;
        if (piece === undefined) return;
        if (piece instanceof Error) throw piece;
        yield Buffer.from(piece);
      }
    } finally {
      this.hasEnded = true;
    }
  }
}

const headers = ['content-type', 'text/event-stream'];
const text = (response: IncomingMessage) =>
  response
    .setEncoding('utf8')
    .toArray()
    .then((parts) => parts.join(''));

describe('an answer that streams', () => {
  let pieces: Pieces;
  let inHand: RequestsInHand;
  let told: Told[];
  let server: NodeServer;
  let url: string;
  const limits = { ...defaultLimits, maxConcurrentRequests: 2 };

  const handle = async ({ path, gone }: HttpRequest): Promise<HttpResponse> => {
    if (path === '/plain') return jsonResponse({});
    pieces.signal = gone();
    if (path === '/large') return { status: 200, headers, body: [], stream: large() };
    return { status: 200, headers, body: [], stream: pieces.stream() };
  };
  async function* large(): AsyncGenerator<Uint8Array, void> {
    for (; pieces.asked < 1000; pieces.asked += 1) yield new Uint8Array(1024 * 1024);
  }

  const ask = async (path = '/', method = 'POST', more: Record<string, string> = {}): Promise<IncomingMessage> => {
    const asked = request(url + path, { method, headers: more }).end();
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    return response;
  };
  const until = async (isSo: () => boolean) => {
    for (let tries = 0; !isSo() && tries < 500; tries += 1) await pause(10);
    expect(isSo()).toBe(true);
  };

  beforeEach(async () => {
    pieces = new Pieces();
    told = [];
    inHand = new RequestsInHand(limits);
    const onAnswer = ({ path }: { path: string }, status: number, error?: unknown) =>
      told.push({ path, status, error });
    server = new NodeServer(handle, { limits, inHand, basePath: '', onAnswer });
    url = await server.listen(0, '127.0.0.1');
  });
  afterEach(() => server.close(0));

  test('leaves piece by piece, head first, and is told of once it has ended', async () => {
    const response = await ask('/', 'POST', { 'accept-encoding': 'gzip' });
    // Nothing but its head has left by now.
    expect(response.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'transfer-encoding': 'chunked',
      'x-accel-buffering': 'no',
      'x-request-id': expect.any(String),
      'server-timing': expect.stringMatching(/^total;dur=/),
    });
    expect(response.headers).not.toHaveProperty('content-length');
    expect(response.headers).not.toHaveProperty('content-encoding');
    for (const piece of ['data: a\n\n', 'data: b\n\n']) {
      pieces.let(piece);
      const [received] = (await once(response, 'data')) as [Buffer];
      expect(received.toString()).toBe(piece);
    }
    expect([told, inHand.count]).toEqual([[], 1]);
    pieces.let(undefined);
    await once(response, 'end');
    await until(() => told.length === 1);
    expect(told).toEqual([{ path: '/', status: 200, error: undefined }]);
    expect(inHand.count).toBe(0);
  });

  test('counts among the requests in hand for as long as it lasts', async () => {
    const responses = [await ask(), await ask()];
    expect((await ask('/plain')).statusCode).toBe(503);
    pieces.let(undefined);
    for (const response of responses) response.resume();
    await until(() => inHand.count === 0);
    expect((await ask('/plain')).statusCode).toBe(200);
  });

  test('after it the connection takes the next request', async () => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    const head = (path: string, more = '') => `POST ${path} HTTP/1.1\r\nhost: x\r\n${more}content-length: 0\r\n\r\n`;
    socket.write(head('/'));
    await until(() => pieces.asked === 1);
    pieces.let('hello');
    await until(() => pieces.asked === 2);
    pieces.let(undefined);
    socket.write(head('/plain', 'connection: close\r\n'));
    const received = Buffer.concat(await socket.toArray()).toString();
    expect(received).toContain('\r\n\r\n5\r\nhello\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n');
  });

  test('is made no faster than it is taken', async () => {
    const response = await ask('/large');
    await pause(200);
    const asked = pieces.asked;
    expect(asked).toBeLessThan(50);
    await pause(200);
    expect(pieces.asked).toBe(asked);
    response.destroy();
    await until(() => told.length === 1);
    expect(pieces.asked).toBeLessThan(asked + 10);
  });

  test('ends as the caller leaves, which is no failure, whatever its work ends with', async () => {
    for (const ending of ['one more', new ServiceError(504, 'the caller has gone')]) {
      const response = await ask();
      pieces.let('data: a\n\n');
      await once(response, 'data');
      response.destroy();
      await until(() => pieces.signal?.aborted === true);
      expect(inHand.count).toBe(1);
      pieces.let(ending);
      await until(() => inHand.count === 0);
      expect(pieces.hasEnded).toBe(true);
      expect(told.pop()).toEqual({ path: '/', status: 200, error: undefined });
      pieces = new Pieces();
    }
  });

  test('a failure ends the connection after what was written, without the mark of a whole answer', async () => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n');
    await until(() => pieces.asked === 1);
    pieces.let('data: a\n\n');
    await until(() => pieces.asked === 2);
    const failure = new Error('out of luck');
    pieces.let(failure);
    expect(Buffer.concat(await socket.toArray()).toString()).toMatch(/\r\n\r\n9\r\ndata: a\n\n\r\n$/);
    await until(() => told.length === 1);
    expect(told).toEqual([{ path: '/', status: 200, error: failure }]);
    expect(inHand.count).toBe(0);

    const response = await ask();
    pieces.let(failure);
    await expect(text(response)).rejects.toThrow('aborted');
  });

  test('HEAD has its head alone, and HTTP/1.0 the end of the connection for its end', async () => {
    const response = await ask('/', 'HEAD');
    expect([response.statusCode, await text(response)]).toEqual([200, '']);
    expect(pieces.asked).toBe(0);

    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write('POST / HTTP/1.0\r\n\r\n');
    await until(() => pieces.asked === 1);
    pieces.let('hello');
    await until(() => pieces.asked === 2);
    pieces.let(undefined);
    expect(Buffer.concat(await socket.toArray()).toString()).toMatch(/\r\n\r\nhello$/);
  });

  test('a server that ends waits for it within its grace, then for nothing', async () => {
    const response = await ask();
    const closing = server.close(20_000);
    await pause(400);
    pieces.let('last');
    await until(() => pieces.asked === 2);
    pieces.let(undefined);
    expect(await text(response)).toBe('last');
    const ended = performance.now();
    // Though the head said that the connection stays.
    await closing;
    expect(performance.now() - ended).toBeLessThan(5000);
  });

  test('what has not ended by the end of the grace is cut', async () => {
    const response = await ask();
    await server.close(100);
    await expect(text(response)).rejects.toThrow('aborted');
    await until(() => pieces.signal?.aborted === true);
    pieces.let(new ServiceError(504, 'the caller has gone'));
    await until(() => pieces.hasEnded && inHand.count === 0);
  });
});
