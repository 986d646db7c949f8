import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { endlessModel } from '../adapters/models.ts';
import { buildOnnx } from '../fakes/onnx-builder.ts';
import { type StartedServer, startProcess, stopProcess } from '../fakes/start-process.ts';

/** Adds `constant` to each of two numbers. */
function adder(constant: number): Uint8Array {
  const data = new Uint8Array(Float32Array.of(constant).buffer);
  return buildOnnx({
    inputs: [{ name: 'x', datatype: 'FP32', shape: ['N', 2] }],
    outputs: [{ name: 'y', datatype: 'FP32', shape: ['N', 2] }],
    nodes: [{ op: 'Add', inputs: ['x', 'c'], outputs: ['y'] }],
    initializers: [{ name: 'c', datatype: 'FP32', shape: [1], data }],
  });
}

jest.setTimeout(60_000);

describe('tensorgate serve', () => {
  let folder: string;
  let server: StartedServer;
  const put = async (name: string, version: number, model: Uint8Array) => {
    const hidden = join(folder, name, `.${version}`);
    await mkdir(hidden, { recursive: true });
    await writeFile(join(hidden, 'model.onnx'), model);
    await rename(hidden, join(folder, name, String(version)));
  };
  const infer = (model: string, input: object, init: RequestInit = {}) =>
    fetch(`${server.url}/v2/models/${model}/infer`, {
      method: 'POST',
      body: JSON.stringify({ id: 'i', inputs: [input] }),
      ...init,
    });
  const x = { name: 'x', datatype: 'FP32', shape: [1, 2], data: [1, 2] };
  const n = { name: 'n', datatype: 'INT64', shape: [], data: [1e12] };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tensorgate-'));
    await put('add', 1, adder(10));
    await put('endless', 1, buildOnnx(endlessModel()));
    server = await startProcess(folder, '--watch', '--log-level', 'error', '--concurrency', '1');
  });
  afterAll(async () => {
    await stopProcess(server);
    await rm(folder, { recursive: true });
  });

  test('answers, with the id, a request id and the time of each stage', async () => {
    const response = await infer('add', x);
    expect(await response.json()).toEqual({
      model_name: 'add',
      model_version: '1',
      id: 'i',
      outputs: [{ name: 'y', datatype: 'FP32', shape: [1, 2], data: [11, 12] }],
    });
    expect(response.headers.get('server-timing')).toMatch(/input;dur=.*queue;dur=.*infer;dur=.*output;dur=/);
    expect(response.headers.get('x-request-id')).toBeTruthy();
  });

  test('prints its models, and a curl line that works', async () => {
    expect((await fetch(`${server.url}/v2/health/ready`)).status).toBe(200);
    expect(server.output()).toContain('add 1: x FP32[N,2] → y FP32[N,2]');
    const [, url, body] = /curl -s (\S+) -d '(.*)'/.exec(server.output()) ?? [];
    const response = await fetch(url ?? '', { method: 'POST', body: body ?? '' });
    expect(response.status).toBe(200);
  });

  test.each([
    ['nope', x, 404, "there is no model 'nope'"],
    ['..%2F..%2Fetc', x, 404, 'there is no model'],
    ['add', { ...x, shape: [1, 3], data: [1, 2, 3] }, 400, 'expected shape [-1,2] (-1: any size), got [1,3]'],
    ['add', { ...x, data: [1] }, 400, '2 elements'],
    ['add', { ...x, datatype: 'FP31' }, 400, 'FP31'],
    ['add/versions/2', x, 404, "no version or alias '2'"],
  ])('%s %j gets %d', async (model, input, status, message) => {
    const response = await infer(model, input);
    expect(response.status).toBe(status);
    expect(((await response.json()) as { error: string }).error).toContain(message);
  });

  test('a deadline ends a run under way, and one that waits; the model stays', async () => {
    const started = Date.now();
    const headers = { 'x-request-timeout-ms': '200' };
    const both = await Promise.all([infer('endless', n, { headers }), infer('endless', n, { headers })]);
    expect(both.map((response) => response.status)).toEqual([504, 504]);
    expect(Date.now() - started).toBeLessThan(5000);
    expect((await infer('endless', { ...n, data: [0] })).status).toBe(200);
  });

  test('a run that takes long for its value, though it was short for another, keeps nobody waiting', async () => {
    const caller = new AbortController();
    const running = infer('endless', n, { signal: caller.signal });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await infer('add', x)).status).toBe(200);
    caller.abort();
    await expect(running).rejects.toThrow();
  });

  test('a caller that leaves frees its place', async () => {
    await expect(infer('endless', n, { signal: AbortSignal.timeout(100) })).rejects.toThrow();
    expect((await infer('endless', { ...n, data: [0] })).status).toBe(200);
  });

  test('a new version takes over without a request dropped', async () => {
    const statuses = new Set<number>();
    const versions = new Set<string>();
    let stop = false;
    const asking = (async () => {
      while (!stop) {
        const response = await infer('add', x);
        statuses.add(response.status);
        versions.add(((await response.json()) as { model_version: string }).model_version);
      }
    })();
    await put('add', 2, adder(20));
    for (let i = 0; i < 100 && !versions.has('2'); i += 1) await new Promise((resolve) => setTimeout(resolve, 100));
    stop = true;
    await asking;
    expect([...versions]).toEqual(['1', '2']);
    expect([...statuses]).toEqual([200]);
  });

  test('SIGTERM answers what is in flight and exits with 0', async () => {
    const other = await startProcess(folder, '--log-level', 'error');
    const inFlight = fetch(`${other.url}/v2/models/endless/infer`, {
      method: 'POST',
      headers: { 'x-request-timeout-ms': '500' },
      body: JSON.stringify({ inputs: [n] }),
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    const code = stopProcess(other);
    expect((await inFlight).status).toBe(504);
    expect(await code).toBe(0);
  });
});
