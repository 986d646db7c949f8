import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { NodeServer } from '../../src/adapters/node-server/node-server.ts';
import { RequestsInHand } from '../../src/adapters/requests-in-hand.ts';
import { UnansweredCalls } from '../../src/adapters/unanswered-calls.ts';
import type { HttpRequest, HttpResponse } from '../../src/http/http-message.ts';
import { jsonResponse } from '../../src/http/json-response.ts';
import { balancerIdleSeconds, defaultLimits } from '../../src/settings.ts';

describe('NodeServer', () => {
  const limits = {
    ...defaultLimits,
    maxBodyBytes: 2000,
    maxDecompressedBytes: 4000,
    maxConcurrentRequests: 3,
    maxBytesInHand: 4500,
  };
  let waiting = Promise.withResolvers<void>();
  let lastSignal: AbortSignal | undefined;
  let lastBody = new Uint8Array(0);
  const handle = async (request: HttpRequest): Promise<HttpResponse> => {
    lastBody = request.body as Uint8Array<ArrayBuffer>;
    if (request.path.endsWith('/fail')) throw new Error('secret path /root');
    if (request.path === '/wait') {
      lastSignal = request.gone();
      await waiting.promise;
    }
    const answer = jsonResponse({ path: request.path, text: new TextDecoder().decode(request.body) });
    return request.path.endsWith('/infer') ? { ...answer, served: { model: 'm', version: '1', items: 1 } } : answer;
  };
  const answered: number[] = [];
  const another = (basePath = '') =>
    new NodeServer(handle, { limits, inHand: new RequestsInHand(limits), basePath, onAnswer: () => undefined });
  const server = new NodeServer(handle, {
    limits,
    inHand: new RequestsInHand(limits),
    basePath: '/base',
    onAnswer: (_request, status) => answered.push(status),
  });
  let url: string;
  let port: number;
  const post = (path: string, init: RequestInit = {}) => fetch(`${url}/base${path}`, { method: 'POST', ...init });

  beforeAll(async () => {
    url = await server.listen(0, '127.0.0.1');
    port = Number(new URL(url).port);
  });
  afterAll(() => server.close(100));

  test('passes path and body on, without the base path', async () => {
    const response = await post('/a?b=c', { body: 'hello' });
    expect(await response.json()).toEqual({ path: '/a', text: 'hello' });
    for (const path of ['/other', '/baseX/a', '/bas']) expect((await fetch(url + path)).status).toBe(404);
    expect(await raw('GET http://elsewhere/base/a?b=c HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')).toContain(
      '"path":"/a"',
    );
  });

  test('keeps silent connections for longer than a load balancer does, which is to close them', async () => {
    const { headers } = await post('/a');
    expect(headers.get('keep-alive')).toBe(`timeout=${balancerIdleSeconds + 10}`);
  });

  test('tells browsers whether pages of another origin may call, and lets them read what they need', async () => {
    const open = new NodeServer(handle, {
      limits,
      inHand: new RequestsInHand(limits),
      basePath: '',
      corsOrigin: 'https://app.example.com',
      admit: () => {
        throw new Error('a browser sends no key with its question');
      },
      onAnswer: () => undefined,
    });
    const address = await open.listen(0, '127.0.0.1');
    const headers = { origin: 'https://app.example.com', 'access-control-request-method': 'POST' };
    const asked = await fetch(`${address}/v2/models/m/infer`, { method: 'OPTIONS', headers });
    expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([200, 'https://app.example.com']);
    expect(asked.headers.get('access-control-allow-headers')).toMatch(/content-type.*x-api-key/);
    const failed = await fetch(`${address}/a`);
    expect([failed.status, failed.headers.get('access-control-allow-origin')]).toEqual([
      500,
      'https://app.example.com',
    ]);
    expect(failed.headers.get('access-control-expose-headers')).toContain('inference-header-content-length');
    await open.close(0);
    expect((await post('/a')).headers.has('access-control-allow-origin')).toBe(false);
  });

  test.each([
    ['GET /base/a HTTP/1.1\r\nhost: x', 200],
    ['POST /base/a HTTP/1.1\r\nhost: x\r\ncontent-length: 0', 200],
    ['POST /base/fail HTTP/1.1\r\nhost: x\r\ncontent-length: 2', 500],
  ])('after an answer the connection takes the next request: %j', async (head, status) => {
    const request = `${head}\r\n\r\n${head.endsWith('2') ? 'hi' : ''}`;
    const answers = await raw(`${request}${request}GET /base/a HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
    expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual([`HTTP/1.1 ${status}`, `HTTP/1.1 ${status}`, 'HTTP/1.1 200']);
  });

  test.each([
    'GET /base/a HTTP/1.1\r\nhost: x',
    'GET /base/fail HTTP/1.1\r\nhost: x',
    'GET /other HTTP/1.1\r\nhost: x',
    'GET /base/a HTTP/1.1',
    'GET /base/a HTTP/1.1\r\nhost: x\r\nexpect: the best',
    'POST /base/a HTTP/1.1\r\nhost: x\r\ncontent-length: 9999',
    'nonsense',
    `GET /base/a HTTP/1.1\r\nhost: x\r\nbig: ${'x'.repeat(17_000)}`,
  ])('the answer to %j has an id, its time and a body of JSON', async (head) => {
    const answer = await raw(`${head}\r\nconnection: close\r\n\r\n`);
    expect(answer).toMatch(/\r\nx-request-id: \S+\r\n/);
    expect(answer).toMatch(/\r\nserver-timing: total;dur=[0-9.]+\r\n/);
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toBeTruthy();
  });

  test('a body too large is refused before the caller is told to send it', async () => {
    const head = 'POST /base/a HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: ';
    expect(await raw(`${head}9999\r\n\r\n`)).toMatch(/^HTTP\/1\.1 413 /);
    expect(await raw(`${head}2\r\nconnection: close\r\n\r\nhi`)).toMatch(
      /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /,
    );
  });

  test('every answer has a request id: the given one, or its own', async () => {
    expect((await post('/a', { headers: { 'x-request-id': 'mine-1' } })).headers.get('x-request-id')).toBe('mine-1');
    expect((await post('/a', { headers: { 'x-request-id': 'not ok' } })).headers.get('x-request-id')).not.toBe(
      'not ok',
    );
  });

  test('a fault of ours tells nothing but the request id', async () => {
    const response = await post('/fail');
    expect(response.status).toBe(500);
    const { error } = (await response.json()) as { error: string };
    expect(error).toContain(response.headers.get('x-request-id'));
    expect(error).not.toContain('secret');
  });

  test('what fails under /v1 has the error object of OpenAI, also where the server refuses it itself', async () => {
    const tooLarge = await post('/v1/files', { body: 'x'.repeat(2001) });
    expect(tooLarge.status).toBe(413);
    expect(await tooLarge.json()).toEqual({
      error: {
        message:
          'the body is larger than maxBodyBytes, 2000 bytes; send less at once (tensors are smaller as binary data), or raise it: serve --limit maxBodyBytes=<bytes>',
        type: 'invalid_request_error',
        param: null,
        code: null,
      },
    });
    const { error } = (await (await post('/v1/fail')).json()) as { error: object };
    expect(error).toMatchObject({ message: expect.stringContaining('under request id'), type: 'server_error' });
    expect(await (await post('/v10', { body: 'x'.repeat(2001) })).json()).toEqual({ error: expect.any(String) });
  });

  test('a body over the limit is 413, told by its length or while it comes', async () => {
    for (const body of ['x'.repeat(2001), new Blob(['x'.repeat(2001)]).stream()]) {
      const response = await post('/a', { body, ...({ duplex: 'half' } as object) });
      expect(response.status).toBe(413);
      expect(await response.text()).toContain('maxBodyBytes, 2000 bytes');
    }
    expect((await post('/a', { body: 'x' })).status).toBe(200);
  });

  test('a body in pieces lies so that its tensors need no copy', async () => {
    const body = new Blob(['x'.repeat(13), 'y'.repeat(900), 'z'.repeat(900)]).stream();
    const headers = { 'inference-header-content-length': '13' };
    expect(await (await post('/a', { headers, body, ...({ duplex: 'half' } as object) })).json()).toMatchObject({
      text: 'x'.repeat(13) + 'y'.repeat(900) + 'z'.repeat(900),
    });
    expect((lastBody.byteOffset + 13) % 8).toBe(0);
  });

  test('undoes gzip; refuses broken data, an unknown encoding, and a bomb', async () => {
    const headers = { 'content-encoding': 'gzip' };
    expect(await (await post('/a', { headers, body: gzipSync('hello') })).json()).toMatchObject({ text: 'hello' });
    expect((await post('/a', { headers, body: 'hello' })).status).toBe(400);
    const unknown = await post('/a', { headers: { 'content-encoding': 'br' }, body: 'x' });
    expect([unknown.status, await unknown.text()]).toEqual([415, expect.stringContaining('gzip, deflate')]);
    const bomb = await post('/a', { headers, body: gzipSync('x'.repeat(100_000)) });
    expect([bomb.status, await bomb.text()]).toEqual([
      413,
      expect.stringContaining('maxDecompressedBytes, 4000 bytes'),
    ]);
  });

  test('compresses an answer where the caller takes it and it is worth it', async () => {
    const body = 'x'.repeat(1900);
    const headers = { 'accept-encoding': 'gzip' };
    expect((await post('/a', { headers, body })).headers.get('content-encoding')).toBe('gzip');
    expect((await post('/a', { headers, body: 'x' })).headers.get('content-encoding')).toBeNull();
    expect(
      (await post('/a', { headers: { 'accept-encoding': 'identity, gzip;q=0' }, body })).headers.get(
        'content-encoding',
      ),
    ).toBeNull();
  });

  test('compresses of the protocol’s answers those of inferences alone, as Triton does', async () => {
    const headers = { 'accept-encoding': 'gzip, deflate' };
    const body = 'x'.repeat(1900);
    const encodingOf = async (path: string) => (await post(path, { headers, body })).headers.get('content-encoding');
    expect(await encodingOf('/v2/models/m/infer')).toBe('gzip');
    expect(await encodingOf('/v2/models/m')).toBeNull();
    expect(await encodingOf(`/v2/${'x'.repeat(1900)}/fail`)).toBeNull();
    expect(await encodingOf('/v20')).toBe('gzip');
  });

  test('requests over the limit get 503; health probes still pass', async () => {
    waiting = Promise.withResolvers();
    const three = [post('/wait'), post('/wait'), post('/wait')];
    await new Promise((resolve) => setTimeout(resolve, 50));
    const fourth = await post('/a');
    expect([fourth.status, fourth.headers.get('retry-after')]).toEqual([503, '1']);
    expect((await fetch(`${url}/base/v2/health/live`)).status).toBe(200);
    waiting.resolve();
    expect((await Promise.all(three)).map((response) => response.status)).toEqual([200, 200, 200]);
  });

  test('bodies of all requests together are bounded; slow ones hold nobody up', async () => {
    const slow = Array.from({ length: 3 }, () => connect(port, '127.0.0.1'));
    for (const socket of slow)
      socket.write(`POST /base/a HTTP/1.1\r\nhost: x\r\ncontent-length: 1500\r\n\r\n${'x'.repeat(1400)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await post('/a', { body: 'hello' })).status).toBe(200);
    const refused = await post('/a', { body: 'x'.repeat(500) });
    expect([refused.status, await refused.text()]).toEqual([503, expect.stringContaining('maxBytesInHand')]);
    for (const socket of slow) socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await post('/a', { body: 'x'.repeat(500) })).status).toBe(200);
  });

  test('a caller that breaks off in its body is no failure of the server', async () => {
    const before = answered.length;
    const socket = connect(port, '127.0.0.1');
    socket.write('POST /base/a HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf');
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 50));
    const chunk = 'POST /base/a HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\nzz\r\n';
    expect(await raw(chunk)).toContain('400 Bad Request');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(answered.slice(before)).toEqual([400, 400]);
  });

  test('a caller that leaves aborts the signal', async () => {
    waiting = Promise.withResolvers();
    const leaving = new AbortController();
    const request = post('/wait', { signal: leaving.signal }).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(lastSignal?.aborted).toBe(false);
    leaving.abort();
    await request;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(lastSignal?.aborted).toBe(true);
    waiting.resolve();
  });

  test('whoever waits is told of the cut, and whoever has left is forgotten, also where it left before it was asked', async () => {
    const unanswered = new UnansweredCalls();
    const counts: number[] = [];
    const other = new NodeServer(
      async (request) => {
        const gone = request.gone();
        counts.push(unanswered.count);
        await once(gone, 'abort');
        counts.push(unanswered.count);
        expect(request.gone().aborted).toBe(true);
        counts.push(unanswered.count);
        throw gone.reason;
      },
      { limits, inHand: new RequestsInHand(limits), basePath: '', unanswered, onAnswer: () => ended.resolve() },
    );
    const ended = Promise.withResolvers<void>();
    const otherUrl = await other.listen(0, '127.0.0.1');
    const leaving = connect(Number(new URL(otherUrl).port), '127.0.0.1');
    leaving.write('GET /a HTTP/1.1\r\nhost: x\r\n\r\n');
    while (counts.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    leaving.destroy();
    await ended.promise;
    expect(counts).toEqual([1, 0, 0]);
    const waits = fetch(`${otherUrl}/a`);
    while (counts.length === 3) await new Promise((resolve) => setTimeout(resolve, 5));
    unanswered.cut();
    const answer = await waits;
    expect([answer.status, await answer.text()]).toEqual([503, expect.stringContaining('the server ended before')]);
    expect(counts.slice(3)).toEqual([1, 0, 0]);
    await other.close(1000);
  });

  test('what is not HTTP gets 400, headers without end 431', async () => {
    expect(await raw('nonsense\r\n\r\n')).toContain('400 Bad Request');
    expect(await raw(`GET / HTTP/1.1\r\nhost: x\r\nbig: ${'x'.repeat(20_000)}\r\n\r\n`)).toContain('431');
  });

  test('closing answers what is in flight first', async () => {
    const other = another();
    const otherUrl = await other.listen(0, '127.0.0.1');
    waiting = Promise.withResolvers();
    const inFlight = fetch(`${otherUrl}/wait`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const closing = other.close(5000);
    const isOpen = () =>
      fetch(`${otherUrl}/a`).then(
        () => true,
        () => false,
      );
    while (await isOpen());
    waiting.resolve();
    expect((await inFlight).status).toBe(200);
    await closing;
  });

  test.concurrent('draining answers as the last on each connection, but that it is not ready, until nobody has asked for a while', async () => {
    const other = another('/b');
    const otherUrl = await other.listen(0, '127.0.0.1');
    const statusOf = async (path: string) => (await fetch(`${otherUrl}/b${path}`)).status;
    expect([await statusOf('/v2/health/ready'), await statusOf('/ping')]).toEqual([200, 200]);
    let isDrained = false;
    const draining = other.drain(10_000).then(() => {
      isDrained = true;
    });
    for (let count = 0; count < 8; count += 1) {
      const answer = await fetch(`${otherUrl}/b/a`);
      expect([answer.status, answer.headers.get('connection')]).toEqual([200, 'close']);
      expect([await statusOf('/v2/health/ready'), await statusOf('/ping'), await statusOf('/v2/health/live')]).toEqual([
        503, 503, 200,
      ]);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(isDrained).toBe(false);
    await draining;
    await other.close(1000);
  });

  test.concurrent('draining ends soon where nobody asks, and after a while where everybody does', async () => {
    const other = another();
    const otherUrl = await other.listen(0, '127.0.0.1');
    const started = Date.now();
    await other.drain(10_000);
    expect(Date.now() - started).toBeLessThan(2000);
    const asked = Date.now();
    const asking = setInterval(() => fetch(`${otherUrl}/a`).catch(() => undefined), 20);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await other.drain(500);
    clearInterval(asking);
    expect(Date.now() - asked).toBeGreaterThan(500);
    await other.close(1000);
  });

  test.concurrent('closing answers on connections that were opened for a request which their callers are held up with', async () => {
    const other = another();
    const otherPort = Number(new URL(await other.listen(0, '127.0.0.1')).port);
    const socket = connect(otherPort, '127.0.0.1');
    await once(socket, 'connect');
    const closing = other.close(5000);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    socket.write('GET /a HTTP/1.1\r\nhost: x\r\n\r\n');
    expect(await text(socket)).toContain('"path":"/a"');
    await closing;
  });

  test.concurrent('closing waits at most two seconds for a connection that asks nothing, or sends half a header', async () => {
    const other = another();
    const otherPort = Number(new URL(await other.listen(0, '127.0.0.1')).port);
    const sockets = ['', 'GET / HT'].map((part) =>
      connect(otherPort, '127.0.0.1')
        .setNoDelay(true)
        .on('connect', function (this: Socket) {
          this.write(part);
        }),
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    const started = Date.now();
    await other.close(10_000);
    expect(Date.now() - started).toBeLessThan(4000);
    for (const socket of sockets) socket.destroy();
  });

  test('closing does not wait for a connection that has had its answers', async () => {
    const other = another();
    const otherPort = Number(new URL(await other.listen(0, '127.0.0.1')).port);
    const socket = connect(otherPort, '127.0.0.1');
    socket.write('GET /a HTTP/1.1\r\nhost: x\r\n\r\n');
    await once(socket, 'data');
    const started = Date.now();
    await other.close(10_000);
    expect(Date.now() - started).toBeLessThan(1500);
    socket.destroy();
  });

  function raw(text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      let received = '';
      const socket = connect(port, '127.0.0.1', () => socket.write(text));
      socket.on('data', (chunk) => {
        received += chunk;
      });
      socket.on('close', () => resolve(received));
      socket.on('error', reject);
    });
  }
});
