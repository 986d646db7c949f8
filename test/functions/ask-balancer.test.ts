import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from '@jest/globals';
import { askBalancer } from '../../functions/ask-balancer.ts';
import type { HttpRequest } from '../../src/http/http-message.ts';
import { localhostCertificate } from '../fakes/localhost-certificate.ts';

type Answer = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void;

const open: { close(): void; closeAllConnections(): void }[] = [];
afterEach(() => {
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** What stands for a load balancer, and what asks it. */
async function balancer(answer: Answer, domainName = 'localhost') {
  const server = createTlsServer(localhostCertificate, async (request, response) =>
    answer(request, response, await buffer(request)),
  );
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return askBalancer({ host: '127.0.0.1', port, domainName, ca: localhostCertificate.cert });
}

function asked(more: Partial<HttpRequest> = {}): HttpRequest {
  const never = new AbortController().signal;
  return {
    method: 'POST',
    path: '/v2/models/whisper/infer',
    headers: {},
    body: Buffer.from([1, 0, 255]),
    requestId: 'request-1',
    gone: () => never,
    ...more,
  };
}

test('a request passes with its bytes, query and headers, but for what API Gateway alone is told', async () => {
  let seen: { method?: string; url?: string; headers?: IncomingMessage['headers']; body?: Buffer } = {};
  const ask = await balancer((request, response, body) => {
    const { method = '', url = '', headers } = request;
    seen = { method, url, headers, body };
    response
      .writeHead(200, { 'inference-header-content-length': '17', connection: 'close' })
      .end(Buffer.from([7, 200]));
  });
  const headers = {
    'content-encoding': 'gzip',
    'x-api-key': 'secret',
    authorization: 'AWS4-HMAC-SHA256 secret',
    'x-amz-security-token': 'secret',
    host: 'abc.execute-api.eu-west-1.amazonaws.com',
    'content-length': '99',
  };
  const answer = await ask(asked({ headers, query: 'a=1&b=%20' }));

  expect(seen).toMatchObject({
    method: 'POST',
    url: '/v2/models/whisper/infer?a=1&b=%20',
    body: Buffer.from([1, 0, 255]),
  });
  expect(seen.headers).toEqual({
    'content-encoding': 'gzip',
    'content-length': '3',
    'x-request-id': 'request-1',
    host: 'localhost',
    connection: 'close',
  });
  expect(answer).toMatchObject({ status: 200, body: [Buffer.from([7, 200])] });
  expect(answer.headers.slice(0, 2)).toEqual(['inference-header-content-length', '17']);
  expect(answer.headers).not.toContain('connection');
});

describe('503', () => {
  test('of the balancer, which has no container, becomes one that says so, and when to try again', async () => {
    const ask = await balancer((_request, response) =>
      response.writeHead(503, { server: 'awselb/2.0', 'content-type': 'text/html' }).end('<html></html>'),
    );
    await expect(ask(asked())).rejects.toMatchObject({
      status: 503,
      retryAfterSeconds: 60,
      message: expect.stringContaining('no container runs for this model at the moment; one is being started'),
    });
  });

  test('of a container passes as it is', async () => {
    const ask = await balancer((_request, response) =>
      response.writeHead(503, { 'retry-after': '1' }).end('{"error":"the queue is full"}'),
    );
    const { status, headers, body } = await ask(asked());
    expect([status, Buffer.concat([...body]).toString()]).toEqual([503, '{"error":"the queue is full"}']);
    expect(headers).toEqual(expect.arrayContaining(['retry-after', '1']));
  });
});

test('404 of a container passes as it is', async () => {
  const ask = await balancer((_request, response) => response.writeHead(404).end('{"error":"no such model"}'));
  expect(await ask(asked())).toMatchObject({ status: 404 });
});

test('502 of the balancer, whose container is not there yet or ended, becomes one in our words', async () => {
  const ask = await balancer((_request, response) =>
    response.writeHead(502, { server: 'awselb/2.0', 'content-type': 'text/html' }).end('<html></html>'),
  );
  await expect(ask(asked())).rejects.toMatchObject({
    status: 502,
    message: expect.stringContaining('cannot be reached'),
  });
});

describe('502, with the cause for the log,', () => {
  const refused = (code: string) => ({
    status: 502,
    message: expect.stringContaining('cannot be reached'),
    cause: expect.objectContaining({ code }),
  });

  test('where nobody listens', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    await expect(askBalancer({ host: '127.0.0.1', port, domainName: 'localhost' })(asked())).rejects.toMatchObject(
      refused('ECONNREFUSED'),
    );
  });

  test('where the certificate is for another name', async () => {
    const ask = await balancer((_request, response) => response.end(), 'speech.example.com');
    await expect(ask(asked())).rejects.toMatchObject(refused('ERR_TLS_CERT_ALTNAME_INVALID'));
  });

  test('where an answer breaks off', async () => {
    const ask = await balancer((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    });
    await expect(ask(asked())).rejects.toMatchObject(refused('ECONNRESET'));
  });
});

test('a request ends when nobody waits for it any more, with the reason', async () => {
  const gone = new AbortController();
  const reason = new Error('the time is over');
  const ask = await balancer(() => gone.abort(reason));
  await expect(ask(asked({ gone: () => gone.signal }))).rejects.toBe(reason);
});

test('events of a stream come back as they come, and it ends as it is left', async () => {
  const next = Promise.withResolvers<void>();
  const left = Promise.withResolvers<void>();
  const ask = await balancer(async (_request, response) => {
    response.on('close', () => left.resolve());
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' }).write('data: 1\n\n');
    await next.promise;
    response.write('data: 2\n\n');
  });
  const { status, headers, body, stream } = await ask(asked());
  expect([status, headers, body]).toEqual([200, expect.arrayContaining(['text/event-stream; charset=utf-8']), []]);
  const text = async () => Buffer.from((await stream?.next())?.value ?? []).toString();
  expect(await text()).toBe('data: 1\n\n');
  next.resolve();
  expect(await text()).toBe('data: 2\n\n');
  await stream?.return();
  await left.promise;
});

test('a stream that breaks off fails', async () => {
  const ask = await balancer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
    setTimeout(() => response.destroy(), 20);
  });
  const { stream } = await ask(asked());
  await stream?.next();
  await expect(stream?.next()).rejects.toThrow('aborted');
});
