import { beforeEach, describe, expect, test } from '@jest/globals';
import { digestBytes } from '../../src/adapters/digest-bytes.ts';
import { CachingDataPlane } from '../../src/core/caching-data-plane.ts';
import { ModelRepository } from '../../src/core/model-repository.ts';
import { ResponseCache } from '../../src/core/response-cache.ts';
import { RunQueue } from '../../src/core/run-queue.ts';
import { SessionCache } from '../../src/core/session-cache.ts';
import { openTask } from '../../src/core/tasks/open-task.ts';
import { Router } from '../../src/http/router.ts';
import { routes } from '../../src/http/routes.ts';
import type { Session } from '../../src/ports/session.ts';
import type { PredictionConfig } from '../../src/ports/task.ts';
import type { TaskTools } from '../../src/ports/task-tools.ts';
import type { BytesTensor, Tensor } from '../../src/protocol/tensor.ts';
import type { TensorSpec } from '../../src/protocol/tensor-spec.ts';
import { defaultLimits } from '../../src/settings.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { FakeExchange } from '../fakes/fake-exchange.ts';
import { FakeStore } from '../fakes/fake-store.ts';
import { floatTensor } from '../fakes/float-tensor.ts';

/** How sure it is of `long` and of `short` by the length of a text, or by a file's first byte; a run takes 2 ms. */
function session(input: TensorSpec, clock: FakeClock): Session {
  return {
    inputs: [input],
    outputs: [{ name: 'y', datatype: 'FP32', shape: [-1, 2] }],
    unservable: [],
    run: async ({ inputs: [tensor] }) => {
      const length = lengthOf(tensor as Tensor);
      clock.ms += 2;
      return [floatTensor([1, 2], [length / 16, 1 - length / 16])];
    },
    release: async () => undefined,
  };
}

function lengthOf(tensor: Tensor): number {
  if (tensor.datatype !== 'BYTES') return new DataView(tensor.data.slice().buffer).getInt32(0, true);
  return ((tensor as BytesTensor).data[0] as Uint8Array).length;
}

const inputs: Readonly<Record<string, TensorSpec>> = {
  texts: { name: 'x', datatype: 'BYTES', shape: [-1, 1] },
  own: { name: 'text', datatype: 'BYTES', shape: [-1, 1] },
  files: { name: 'x', datatype: 'INT32', shape: [-1, 1] },
  small: { name: 'x', datatype: 'INT32', shape: [-1, 1] },
  columns: { name: 'n', datatype: 'INT32', shape: [-1, 1] },
  alike: { name: 'x', datatype: 'BYTES', shape: [-1, 1] },
};
const tasks: Readonly<Record<string, PredictionConfig>> = {
  texts: { name: 'text-classification', postprocess: [{ topK: { k: 1 } }] },
  own: { name: 'text-classification' },
  files: { name: 'text-classification', preprocess: [{ bytes: { first: 1, last: 0 } }], postprocess: [{ argmax: {} }] },
  small: {
    name: 'text-classification',
    preprocess: [{ bytes: { first: 1, last: 0, atLeast: 99 } }],
    postprocess: [{ argmax: {} }],
  },
  columns: { name: 'tabular-classification', postprocess: [{ argmax: {} }] },
  alike: { name: 'sentence-similarity', preprocess: [{ text: {} }] },
};

describe('items of a task', () => {
  let exchange: FakeExchange;
  let router: Router;
  let without: Router;

  beforeEach(async () => {
    exchange = new FakeExchange();
    exchange.uploads.set('uploads/hello', Buffer.from('hello'));
    exchange.uploads.set('uploads/file', Uint8Array.of(12));
    exchange.uploads.set('uploads/latin', Uint8Array.of(0xff));
    // As the binary tensor extension has elements: each behind its length.
    exchange.uploads.set('uploads/element', Uint8Array.of(1, 0, 0, 0, 12));
    const store = new FakeStore();
    for (const name of Object.keys(tasks)) {
      const task = tasks[name] as PredictionConfig;
      store.add(name, [1], { config: { task, responseCache: true } });
    }
    const clock = new FakeClock();
    const open = async (path: string) => session(inputs[path.split('/')[1] ?? ''] as TensorSpec, clock);
    const cache = new SessionCache(store, open, clock, {
      maxBytes: 10_000,
      intraOpThreads: 1,
      openTask: (task, model) => openTask(task, { ...model, tools: {} as TaskTools, limits: defaultLimits }),
    });
    const repository = new ModelRepository(store, cache);
    const kept = new ResponseCache(10_000, digestBytes);
    const dataPlane = new CachingDataPlane(kept, repository, cache, new RunQueue(1, 100), clock);
    const docs = { version: '1', basePath: '', limits: defaultLimits, readAsset: async () => undefined };
    router = new Router(routes(dataPlane, clock, docs, { exchange }), 100);
    without = new Router(routes(dataPlane, clock, docs), 100);
    await repository.refresh();
  });

  async function ask(path: string, body?: object, by = router) {
    const request = { headers: {}, requestId: 'r', gone: () => new AbortController().signal };
    const bytes = Buffer.from(JSON.stringify(body ?? {}));
    const answer = await by.handle({ method: body ? 'POST' : 'GET', path, body: bytes, ...request });
    return JSON.parse(Buffer.concat(answer.body).toString());
  }

  test.each([
    ['texts', 'hello', [{ label: '1', score: 0.6875 }]],
    ['files', 'DA==', '0'],
    ['columns', { n: 12 }, '0'],
  ])('of %s are answered with the version, and how long each stage took', async (model, item, prediction) => {
    const answered = (timings: object) => ({
      model,
      version: '1',
      task: tasks[model]?.name,
      predictions: [prediction],
      timings_ms: timings,
    });
    const first = await ask(`/v1/predict/${model}`, { inputs: item });
    expect(first).toEqual(answered({ input: 0, queue: 0, infer: 2, total: 2 }));
    // Its answer was kept.
    const again = await ask(`/v1/predict/${model}`, { inputs: item });
    expect(again).toEqual(answered({ input: 0, queue: 0, infer: 0, total: 0 }));
    const other = await ask(`/v1/predict/${model}/versions/1`, { inputs: [item, item] });
    expect(other).toMatchObject({ version: '1', predictions: [prediction, prediction] });
  });

  describe('that were uploaded', () => {
    const upload = (name: string) => ({ content_ref: `uploads/${name}` });

    test('are as those in the body', async () => {
      const { predictions } = await ask('/v1/predict/texts', { inputs: [upload('hello'), 'hello', 'a longer text'] });
      expect(predictions).toEqual([
        [{ label: '1', score: 0.6875 }],
        [{ label: '1', score: 0.6875 }],
        [{ label: '0', score: 0.8125 }],
      ]);
      expect(await ask('/v1/predict/files', { inputs: upload('file') })).toMatchObject({ predictions: ['0'] });
      const inline = { inputs: 'data:image/jpeg;base64,DA==' };
      expect(await ask('/v1/predict/files', inline)).toMatchObject({ predictions: ['0'] });
    });

    test.each([
      ['none', 400, /^item 1: there is no upload 'uploads\/none'/],
      ['latin', 400, /^item 1: the text is not in UTF-8$/],
    ])('and are not right are refused: %s', async (name, status, message) => {
      const asked = ask('/v1/predict/texts', { inputs: ['a', upload(name)] });
      await expect(asked).rejects.toMatchObject({ status, message: expect.stringMatching(message) });
    });

    test('may have so many bytes, and need a place for uploads', async () => {
      exchange.maxUploadBytes = 9;
      const inputs = [upload('hello'), upload('hello')];
      await expect(ask('/v1/predict/texts', { inputs })).rejects.toMatchObject({
        status: 413,
        message: expect.stringMatching(/10 bytes, more than maxUploadBytes, 9/),
      });
      await expect(ask('/v1/predict/texts', { inputs }, without)).rejects.toMatchObject({
        status: 400,
        message: expect.stringMatching(/has no bucket for uploads/),
      });
    });
  });

  describe('in a form', () => {
    async function send(model: string, fields: readonly (readonly [string, string | Blob])[], query?: string) {
      const form = new FormData();
      for (const [name, value] of fields) form.append(name, value as string);
      const made = new Response(form);
      const body = new Uint8Array(await made.arrayBuffer());
      const headers = { 'content-type': made.headers.get('content-type') ?? '' };
      const request = { headers, requestId: 'r', gone: () => new AbortController().signal, ...(query && { query }) };
      const answer = await router.handle({ method: 'POST', path: `/v1/predict/${model}`, body, ...request });
      return JSON.parse(Buffer.concat(answer.body).toString()).predictions;
    }
    const file = ['file', new Blob([Uint8Array.of(12)])] as const;

    test('have parameters beside them', async () => {
      expect(await send('files', [file, ['parameters', '{"top_k": 1}']])).toEqual(['0']);
      expect(await send('texts', [['inputs', 'hello']])).toEqual([[{ label: '1', score: 0.6875 }]]);
      const both = await send('texts', [
        ['inputs', 'hello'],
        ['parameters', '{"top_k": 2}'],
      ]);
      expect(both[0]).toHaveLength(2);
    });

    test.each([
      [[file, file], "a form has one item, in the field 'file' or 'inputs', got 2; send several as JSON"],
      [[file, ['inputs', 'DA==']], 'got 2; send several as JSON'],
      [[file, ['parameters', '{}'], ['parameters', '{}']], "the field 'parameters' is there twice"],
      [[file, ['top_k', '1']], "expected the field 'file' or 'inputs', and 'parameters' beside it, got 'top_k'"],
      [[file, ['parameters', 'top_k=1']], `expected JSON such as {"top_k": 3}, got 'top_k=1'`],
      [[file, ['parameters', '{"topk": 1}']], "got 'topk'"],
      [[file, ['parameters', '[]']], 'expected an object'],
      [[], 'got none'],
      [[['file', 'a.jpg']], "expected a file in base64, got 'a.jpg'"],
    ] as const)('but nothing else: %#', async (fields, message) => {
      const asked = send('files', fields);
      await expect(asked).rejects.toMatchObject({ status: 400, message: expect.stringContaining(message) });
    });

    test('whose boundary nobody says are told so', async () => {
      const headers = { 'content-type': 'multipart/form-data' };
      const request = { headers, requestId: 'r', gone: () => new AbortController().signal };
      const body = Buffer.from('--x\r\ncontent-disposition: form-data; name="file"\r\n\r\na\r\n--x--\r\n');
      for (const path of ['/v1/predict/files', '/v1/predict/texts'])
        await expect(router.handle({ method: 'POST', path, body, ...request })).rejects.toMatchObject({
          status: 400,
          message: expect.stringContaining('its Content-Type has no boundary: let the client write it'),
        });
    });

    test('are texts for models that take texts, also as files, and have no query beside them', async () => {
      for (const field of ['inputs', 'file']) {
        for (const text of ['hello', new Blob(['hello'])])
          expect(await send('texts', [[field, text]])).toEqual([[{ label: '1', score: 0.6875 }]]);
        expect(await send('files', [[field, new Blob([Uint8Array.of(12)])]])).toEqual(['0']);
      }
      await expect(send('texts', [['file', new Blob([Uint8Array.of(0xff)])]])).rejects.toThrow('is not in UTF-8');
      await expect(send('columns', [file])).rejects.toMatchObject({ status: 415 });
      await expect(send('files', [file], 'top_k=1')).rejects.toThrow("expected no query, got 'top_k'");
      expect(await send('files', [file], 'X-Amz-Date=1')).toEqual(['0']);
    });
  });

  describe('by the Open Inference Protocol', () => {
    const infer = (model: string, input: object, more: object = {}) =>
      ask(`/v2/models/${model}/infer`, { inputs: [{ datatype: 'BYTES', ...input }], ...more });

    test('are an input that the metadata tells, and are answered in its shape', async () => {
      expect(await ask('/v2/models/texts')).toMatchObject({
        inputs: [{ name: 'x' }],
        parameters: { task: 'text-classification', items: { input: 'text', output: 'prediction' } },
      });
      const texts = { name: 'text', shape: [2, 1], data: ['hello', 'a longer text'] };
      expect(await infer('texts', texts, { id: 'mine' })).toMatchObject({
        id: 'mine',
        model_name: 'texts',
        outputs: [
          {
            name: 'prediction',
            datatype: 'BYTES',
            shape: [2, 1],
            data: ['[{"label":"1","score":0.6875}]', '[{"label":"0","score":0.8125}]'],
          },
        ],
      });
      const both = await infer('texts', texts, { parameters: { top_k: 2 }, outputs: [{ name: 'prediction' }] });
      expect(JSON.parse(both.outputs[0].data[0])).toHaveLength(2);
    });

    test('may be files, in base64 where they come in JSON, and columns', async () => {
      const base64 = { parameters: { content_type: 'base64' } };
      const file = await infer('files', { name: 'file', shape: [1], data: ['DA=='] }, base64);
      expect(file.outputs[0].data).toEqual(['"0"']);
      const uploaded = { name: 'file', shape: [1], parameters: { content_ref: 'uploads/element' } };
      expect((await infer('files', uploaded)).outputs[0].data).toEqual(['"0"']);
      const columns = await infer('columns', { name: 'columns', shape: [2], data: ['{"n": 1}', '[12]'] });
      expect(columns.outputs[0].data).toEqual(['"1"', '"0"']);
    });

    test('are answered as they are asked, where answers are kept', async () => {
      const texts = { name: 'text', shape: [1], data: ['hello'] };
      for (const [count, parameters] of [
        [1, {}],
        [2, { top_k: 2 }],
        [1, {}],
      ] as const) {
        const { outputs } = await infer('texts', texts, { parameters });
        expect(JSON.parse(outputs[0].data[0])).toHaveLength(count);
      }
    });

    test('leave the model its own inputs and outputs', async () => {
      expect((await ask('/v2/models/own')).parameters.items).toBeUndefined();
      const own = await infer('own', { name: 'text', shape: [1, 1], data: ['hello'] });
      expect(own.outputs).toMatchObject([{ name: 'y', data: [0.3125, 0.6875] }]);
      expect((await infer('texts', { name: 'x', shape: [1, 1], data: ['hello'] })).outputs[0].name).toBe('y');
    });

    test.each([
      [
        { name: 'text', datatype: 'INT32', shape: [1], data: [1] },
        {},
        "input 'text': expected datatype BYTES, got INT32",
      ],
      [
        { name: 'text', shape: [1], data: ['a'] },
        { outputs: [{ name: 'y' }] },
        "output 'y': items are answered by the output 'prediction'",
      ],
      [
        { name: 'text', shape: [1], data: ['a'] },
        { parameters: { top_k: 0 } },
        "parameter 'top_k': expected a number of classes, got 0",
      ],
      [{ name: 'text', shape: [1], data: ['?'] }, { parameters: { content_type: 'base64' } }, 'an element is none'],
      [
        { name: 'text', shape: [2], data: ['YQ==', '/w=='] },
        { parameters: { content_type: 'base64' } },
        'item 1: the text',
      ],
      [{ name: 'text', shape: [1], data: ['a'] }, { parameters: { content_type: 'gzip' } }, 'expected "base64"'],
      [{ name: 'file', shape: [1], data: ['a'] }, {}, "the model has no input 'file'"],
    ])('%j with %j is refused', async (input, more, message) => {
      await expect(infer('texts', input, more)).rejects.toMatchObject({
        status: 400,
        message: expect.stringContaining(message),
      });
    });

    test('files that look like base64 are told how to say so', async () => {
      const asked = (data: string) => infer('small', { name: 'file', shape: [1], data: [data] });
      await expect(asked('AAAAAAAAAAAAAAAAAAAA')).rejects.toThrow(
        `expected a file of 99 bytes or more, got one of 20; files in base64 need the request's parameter "content_type": "base64"`,
      );
      await expect(asked('no base64 at all')).rejects.toThrow(/got one of 16$/);
    });

    test('columns have to be JSON', async () => {
      const asked = infer('columns', { name: 'columns', shape: [1], data: ['n=1'] });
      await expect(asked).rejects.toMatchObject({
        status: 400,
        message: expect.stringContaining('expected JSON, '),
      });
    });
  });

  describe('that are compared', () => {
    const cosine = 98 / Math.sqrt(146 * 178);
    const compared = { source_sentence: 'hello', sentences: ['hello', 'a longer text'] };

    test('have cosines, also by the Open Inference Protocol', async () => {
      const close = [expect.closeTo(1, 6), expect.closeTo(cosine, 6)];
      const { predictions } = await ask('/v1/predict/alike', { inputs: compared });
      expect(predictions).toEqual([close]);
      expect(await ask('/v1/predict/alike', { inputs: [compared, compared] })).toMatchObject({
        predictions: [close, close],
      });
      const data = [JSON.stringify(compared)];
      const inputs = [{ name: 'text', datatype: 'BYTES', shape: [1], data }];
      const { outputs } = await ask('/v2/models/alike/infer', { inputs });
      expect(outputs[0].data.map((element: string) => JSON.parse(element))).toEqual([close]);
    });

    test.each([
      ['hello', 400, "input 'text': expected JSON, "],
      ['"hello"', 400, 'item 0: expected {"source_sentence": "…", "sentences": ["…", …]}, got "hello"'],
      [
        JSON.stringify({ ...compared, sentences: Array(1024).fill('') }),
        413,
        'expected 1024 sentences at most, got 1025',
      ],
    ])('are refused there as %.30s', async (element, status, message) => {
      const inputs = [{ name: 'text', datatype: 'BYTES', shape: [1], data: [element] }];
      await expect(ask('/v2/models/alike/infer', { inputs })).rejects.toMatchObject({
        status,
        message: expect.stringContaining(message),
      });
    });

    test.each(['text/plain', 'multipart/form-data; boundary=x'])('come as JSON, not as %s', async (type) => {
      const request = { headers: { 'content-type': type }, requestId: 'r', gone: () => new AbortController().signal };
      const body = Buffer.from('--x\r\ncontent-disposition: form-data; name="inputs"\r\n\r\na\r\n--x--\r\n');
      const asked = router.handle({ method: 'POST', path: '/v1/predict/alike', body, ...request });
      await expect(asked).rejects.toMatchObject({
        status: 415,
        message: expect.stringContaining('sentence-similarity compares sentences; send application/json'),
      });
    });
  });
});
