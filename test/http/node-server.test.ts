import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { NodeServer } from '../../src/adapters/node-server/node-server.ts';
import type { HttpRequest, HttpResponse } from '../../src/http/http-message.ts';
import { jsonResponse } from '../../src/http/json-response.ts';
import { defaultLimits } from '../../src/settings.ts';

describe('NodeServer', () => {
  const limits = { ...defaultLimits, maxBodyBytes: 2000, maxDecompressedBytes: 4000, maxConcurrentRequests: 2 };
  let waiting = Promise.withResolvers<void>();
  let lastSignal: AbortSignal | undefined;
  const handle = async (request: HttpRequest): Promise<HttpResponse> => {
    if (request.path === '/fail') throw new Error('secret path /root');
    if (request.path === '/wait') {
      lastSignal = request.gone();
      await waiting.promise;
    }
    return jsonResponse({ path: request.path, text: new TextDecoder().decode(request.body) });
  };
  const answered: number[] = [];
  const server = new NodeServer(handle, {
    limits,
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
    expect((await fetch(`${url}/other`)).status).toBe(404);
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

  test('a body over the limit is 413, told by its length or while it comes', async () => {
    for (const body of ['x'.repeat(2001), new Blob(['x'.repeat(2001)]).stream()]) {
      const response = await post('/a', { body, ...({ duplex: 'half' } as object) });
      expect(response.status).toBe(413);
      expect(await response.text()).toContain('maxBodyBytes, 2000 bytes');
    }
    expect((await post('/a', { body: 'x' })).status).toBe(200);
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

  test('requests over the limit get 503; health probes still pass', async () => {
    waiting = Promise.withResolvers();
    const two = [post('/wait'), post('/wait')];
    await new Promise((resolve) => setTimeout(resolve, 50));
    const third = await post('/a');
    expect([third.status, third.headers.get('retry-after')]).toEqual([503, '1']);
    expect((await fetch(`${url}/base/v2/health/live`)).status).toBe(200);
    waiting.resolve();
    expect((await Promise.all(two)).map((response) => response.status)).toEqual([200, 200]);
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

  test('what is not HTTP gets 400, headers without end 431', async () => {
    expect(await raw('nonsense\r\n\r\n')).toContain('400 Bad Request');
    expect(await raw(`GET / HTTP/1.1\r\nhost: x\r\nbig: ${'x'.repeat(20_000)}\r\n\r\n`)).toContain('431');
  });

  test('closing answers what is in flight first', async () => {
    const other = new NodeServer(handle, { limits, basePath: '', onAnswer: () => undefined });
    const otherUrl = await other.listen(0, '127.0.0.1');
    waiting = Promise.withResolvers();
    const inFlight = fetch(`${otherUrl}/wait`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const closing = other.close(5000);
    await expect(fetch(`${otherUrl}/a`)).rejects.toThrow();
    waiting.resolve();
    expect((await inFlight).status).toBe(200);
    await closing;
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
