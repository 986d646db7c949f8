import { beforeEach, describe, expect, test } from '@jest/globals';
import { DataPlane } from '../../src/core/data-plane.ts';
import { ModelRepository } from '../../src/core/model-repository.ts';
import { RunQueue } from '../../src/core/run-queue.ts';
import { SessionCache } from '../../src/core/session-cache.ts';
import { Router } from '../../src/http/router.ts';
import { routes } from '../../src/http/routes.ts';
import type { Run, Session } from '../../src/ports/session.ts';
import type { Tensor } from '../../src/protocol/tensor.ts';
import { defaultLimits } from '../../src/settings.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { FakeExchange } from '../fakes/fake-exchange.ts';
import { FakeStore } from '../fakes/fake-store.ts';
import { floatTensor } from '../fakes/float-tensor.ts';

/** A model that gives back what it is given. */
function echo(runs: Run[]): Session {
  const specs = [
    { name: 'a', datatype: 'FP32', shape: [-1] },
    { name: 'b', datatype: 'FP16', shape: [-1] },
    { name: 'text', datatype: 'BYTES', shape: [-1] },
  ] as const;
  return {
    inputs: specs,
    outputs: specs,
    unservable: [],
    run: async (run) => {
      runs.push(run);
      return run.outputNames.map((name) => run.inputs[run.inputNames.indexOf(name)] as Tensor);
    },
    release: async () => undefined,
  };
}

describe('large tensors', () => {
  let exchange: FakeExchange;
  let runs: Run[];
  let router: Router;
  let without: Router;
  const floats = floatTensor([2], [1, 2]).data;

  beforeEach(async () => {
    exchange = new FakeExchange();
    exchange.uploads.set('uploads/floats', floats as Uint8Array);
    exchange.uploads.set('uploads/half', Uint8Array.of(0, 0x3c));
    exchange.uploads.set('uploads/text', Uint8Array.of(1, 0, 0, 0, 65, 0, 0, 0, 0));
    runs = [];
    const store = new FakeStore();
    store.add('m');
    const clock = new FakeClock();
    const cache = new SessionCache(store, async () => echo(runs), clock, { maxBytes: 10_000, intraOpThreads: 1 });
    const repository = new ModelRepository(store, cache);
    const dataPlane = new DataPlane(repository, cache, new RunQueue(1, 10), clock);
    const docs = { version: '1', basePath: '', limits: defaultLimits, readAsset: async () => undefined };
    router = new Router(routes(dataPlane, clock, docs, { exchange }), 100);
    without = new Router(routes(dataPlane, clock, docs), 100);
    await repository.refresh();
    runs.length = 0;
  });

  const post = async (path: string, body: object | string, by = router, headers = {}) => {
    const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    const gone = () => new AbortController().signal;
    const answer = await by.handle({ method: 'POST', path, headers, body: bytes, requestId: 'r', gone });
    const at = answer.headers.indexOf('inference-header-content-length');
    const whole = Buffer.concat(answer.body);
    const jsonBytes = at < 0 ? whole.length : Number(answer.headers[at + 1]);
    return { json: JSON.parse(whole.toString('utf8', 0, jsonBytes)), rest: whole.subarray(jsonBytes) };
  };
  const infer = (body: object | string, by = router, headers = {}) => post('/v2/models/m/infer', body, by, headers);
  const input = (name: string, contentRef: string, shape = [2]) => ({
    name,
    datatype: { a: 'FP32', b: 'FP16' }[name] ?? 'BYTES',
    shape,
    parameters: { content_ref: contentRef },
  });
  const all = [input('a', 'uploads/floats'), input('b', 'uploads/half', [1]), input('text', 'uploads/text')];
  const inline = [
    { name: 'a', datatype: 'FP32', shape: [2], data: [1, 2] },
    all[1] as object,
    { name: 'text', datatype: 'BYTES', shape: [2], data: ['A', ''] },
  ];
  const json = [{ name: 'a' }, { name: 'text' }];

  describe('come in by reference', () => {
    test('of any datatype, as if they had come in the body', async () => {
      const { json: answer } = await infer({ inputs: all, outputs: json });
      expect(answer.outputs).toMatchObject([{ data: [1, 2] }, { data: ['A', ''] }]);
      const { json: mixed } = await infer({ inputs: inline, outputs: json });
      expect(mixed.outputs).toEqual(answer.outputs);
    });

    test.each([
      ['none there', input('a', 'uploads/none'), 400, /^input 'a': there is no upload 'uploads\/none': expected a/],
      [
        'one too short',
        input('a', 'uploads/floats', [3]),
        400,
        "input 'a': shape [3] of FP32 is 12 bytes, and the upload 'uploads/floats' has 8",
      ],
      [
        'one too long',
        input('a', 'uploads/floats', [1]),
        400,
        "input 'a': shape [1] of FP32 is 4 bytes, and the upload 'uploads/floats' has 8",
      ],
      ['a shape that the model does not take', input('a', 'uploads/floats', [2, 1]), 400, /^input 'a': expected shape/],
      ['a name that it does not know', { ...input('a', 'uploads/floats'), name: 'z' }, 400, /has no input 'z'/],
    ])('with %s, refused before anything is read', async (_case, first, status, message) => {
      const refused = expect.objectContaining({ status, message: expect.stringMatching(message) });
      await expect(infer({ inputs: [first, ...all.slice(1)], outputs: json })).rejects.toEqual(
        typeof message === 'string' ? expect.objectContaining({ status, message }) : refused,
      );
      expect(exchange.reads).toEqual([]);
      expect(runs).toEqual([]);
    });

    test('with text that ends in the middle, refused', async () => {
      exchange.uploads.set('uploads/text', Uint8Array.of(9, 0, 0, 0, 65));
      await expect(infer({ inputs: all })).rejects.toMatchObject({
        status: 400,
        message: expect.stringMatching('cut'),
      });
    });

    test('over the limit on all together, refused before anything is read', async () => {
      exchange.maxUploadBytes = 18;
      await expect(infer({ inputs: all, outputs: json })).rejects.toMatchObject({
        status: 413,
        message: 'the uploads of the request are 19 bytes, more than maxUploadBytes, 18; send it in parts',
      });
      expect(exchange.reads).toEqual([]);
      exchange.maxUploadBytes = 19;
      await infer({ inputs: all, outputs: json });
    });

    test('at most until the deadline, and the reading ends then', async () => {
      let ended = 0;
      exchange.transfer = (signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            ended += 1;
            reject(signal.reason);
          });
        });
      await expect(
        infer({ inputs: all, outputs: json }, router, { 'x-request-timeout-ms': '20' }),
      ).rejects.toMatchObject({
        status: 504,
        message: expect.stringContaining('the deadline of 20 ms'),
      });
      expect(ended).toBe(3);
    });

    test('where one cannot be read, the reading of the others ends', async () => {
      let ended = 0;
      exchange.transfer = (signal) => {
        if (ended === 0) signal.addEventListener('abort', () => (ended += 1), { once: true });
        exchange.transfer = async () => {
          throw new Error('broken');
        };
        return new Promise(() => undefined);
      };
      await expect(infer({ inputs: all, outputs: json })).rejects.toThrow('broken');
      expect(ended).toBe(1);
    });
  });

  describe('go out as links', () => {
    const link = (bytes: number, result: number) => ({
      content_url: `https://data/results/${result}`,
      content_bytes: bytes,
      content_expires_at: '2026-11-25T12:00:00.000Z',
    });

    test('where the request asks, also what JSON cannot carry, whatever is said of binary data', async () => {
      const parameters = { content_link_output: true, binary_data_output: true };
      const { json: answer, rest } = await infer({ parameters, inputs: all });
      expect(rest).toHaveLength(0);
      expect(answer.outputs).toEqual([
        { name: 'a', datatype: 'FP32', shape: [2], parameters: link(8, 1) },
        { name: 'b', datatype: 'FP16', shape: [1], parameters: link(2, 2) },
        { name: 'text', datatype: 'BYTES', shape: [2], parameters: link(9, 3) },
      ]);
      expect(exchange.results.map((each) => [...each])).toEqual(
        ['floats', 'half', 'text'].map((name) => [...(exchange.uploads.get(`uploads/${name}`) as Uint8Array)]),
      );
    });

    test('where an output asks, and only that one; what it says goes before what the request says', async () => {
      const outputs = [
        { name: 'a', parameters: { content_link: true, binary_data: true } },
        { name: 'b', parameters: { binary_data: true } },
        { name: 'text' },
      ];
      const { json: one, rest } = await infer({ inputs: all, outputs });
      expect(one.outputs).toMatchObject([
        { parameters: link(8, 1) },
        { parameters: { binary_data_size: 2 } },
        { data: ['A', ''] },
      ]);
      expect(rest).toHaveLength(2);
      const but = [{ name: 'a', parameters: { content_link: false } }, { name: 'b' }];
      const { json: other } = await infer({ parameters: { content_link_output: true }, inputs: all, outputs: but });
      expect(other.outputs).toMatchObject([{ data: [1, 2] }, { parameters: link(2, 2) }]);
    });

    test('at most until the deadline', async () => {
      exchange.transfer = () => new Promise(() => undefined);
      const parameters = { content_link_output: true, timeout: 20_000 };
      await expect(infer({ parameters, inputs: inline })).rejects.toMatchObject({
        status: 504,
      });
    });
  });

  describe('POST /v2/uploads', () => {
    test('gives a URL, for a length where one is named, and says how to use both', async () => {
      const common = { content_ref: 'uploads/new', method: 'PUT', expires_at: '2026-11-25T12:00:00.000Z' };
      expect((await post('/v2/uploads', '')).json).toEqual({
        ...common,
        url: 'https://data/uploads/new?undefined',
        headers: {},
        max_bytes: 1000,
      });
      expect((await post('/v2/uploads', { bytes: 16 })).json).toEqual({
        ...common,
        url: 'https://data/uploads/new?16',
        headers: { 'content-length': '16' },
        max_bytes: 16,
      });
    });

    test.each([
      [{ bytes: 1001 }, 413, "field 'bytes': 1001 is more than maxUploadBytes, 1000; send the request in parts"],
      [{ bytes: -1 }, 400, "field 'bytes': expected the length of what will be uploaded, got -1"],
      [{ length: 16 }, 400, "field 'length': expected 'bytes' alone, or an empty body"],
      [{ bytes: '16' }, 400, 'field \'bytes\': expected the length of what will be uploaded, got "16"'],
      ['[]', 400, 'the body is JSON but no object; send an object, or nothing'],
    ])('refuses %j', async (body, status, message) => {
      await expect(post('/v2/uploads', body)).rejects.toMatchObject({ status, message });
    });
  });

  test('a host without a bucket says so, before anything runs', async () => {
    const message = expect.stringContaining('this server has no bucket for uploads and results');
    await expect(post('/v2/uploads', '', without)).rejects.toMatchObject({ status: 404, message });
    await expect(infer({ inputs: all }, without)).rejects.toMatchObject({ status: 400, message });
    const parameters = { content_link_output: true };
    await expect(infer({ parameters, inputs: [] }, without)).rejects.toMatchObject({ status: 400, message });
    expect(runs).toEqual([]);
  });

  test('a request without either never opens the exchange', async () => {
    const half = { ...inline[1], parameters: { binary_data_size: 2 } };
    const head = JSON.stringify({ inputs: [inline[0], half, inline[2]], outputs: json });
    const headers = { 'inference-header-content-length': String(head.length) };
    const { json: answer } = await infer(`${head}AB`, router, headers);
    expect(answer.outputs).toMatchObject([{ data: [1, 2] }, { data: ['A', ''] }]);
    expect(exchange.opened).toBe(0);
  });
});
