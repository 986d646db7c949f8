import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Context } from 'aws-lambda';
import type { PrepareEvent } from '../../functions/prepare.ts';
import { openModelStore } from '../../src/adapters/open-model-store.ts';
import { foldableModel, identityModel } from '../adapters/models.ts';
import { FakeS3 } from '../fakes/fake-s3.ts';
import { buildOnnx } from '../fakes/onnx-builder.ts';
import { lambdaContext } from './lambda-event.ts';

jest.setTimeout(60_000);

const s3 = new FakeS3(true);
const before = { ...process.env };
const cache = mkdtempSync(join(tmpdir(), 'tensorgate-prepare-'));
const logged: Record<string, unknown>[] = [];
let handler: (event: PrepareEvent, context: Context) => Promise<void>;

beforeAll(async () => {
  Object.assign(process.env, {
    TENSORGATE_MODELS: 's3://models/root',
    TENSORGATE_CACHE: cache,
    // More than this process may have grown to by the tests before.
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '10240',
  });
  handler = (await import('../../functions/prepare.ts')).handler;
  const { logger } = await import('../../functions/logger.ts');
  for (const level of ['info', 'warn'] as const)
    jest.spyOn(logger, level).mockImplementation((message, ...more) => {
      logged.push({ level, message, ...(more[0] as object) });
    });
});
afterAll(() => {
  process.env = before;
  rmSync(cache, { recursive: true });
});
beforeEach(() => {
  Object.assign(process.env, s3.environment);
  logged.length = 0;
});

const good = buildOnnx(foldableModel(1500));
const stored = (key: string): PrepareEvent => ({ detail: { object: { key } } });
const all: PrepareEvent = { source: 'tensorgate.prepare-all' };
const prepare = (event: PrepareEvent, leftMs = 900_000) => handler(event, lambdaContext(leftMs));
/** Stores an object, and prepares as S3's event of it would have it done. */
function push(key: string, content: string | Uint8Array): Promise<void> {
  s3.put(key, content);
  return prepare(stored(key));
}
const forms = () => [...s3.objects].filter(([key]) => key.includes('/.prepared/')).map(([key, { etag }]) => key + etag);
const outcomes = () => logged.map(({ outcome, message }) => outcome ?? message);
const formOf = (name: string, version = 1) => openModelStore('s3://models/root').fetchPrepared(name, version);

test.each([{}, { source: 'aws.events' }, { detail: {} }, { detail: { object: {} } }])(
  'an event of another kind fails, and has nothing prepared: %j',
  async (event) => {
    s3.put('root/a/1/model.onnx', good);
    await expect(prepare(event as PrepareEvent)).rejects.toThrow("expected S3's event of an object that was stored");
    expect(forms()).toEqual([]);
  },
);

describe('a version that is stored', () => {
  test('gets its prepared form, and nothing else is stored', async () => {
    await push('root/a/1/model.onnx', good);
    expect(outcomes()).toEqual(['prepared']);
    expect(await formOf('a')).toMatchObject({ operators: ['Add'], answer: { inputs: [{ name: 'x' }] } });
    expect([...s3.objects.keys()].filter((key) => !/^root\/a\/1\/(model\.onnx$|\.prepared\/)/.test(key))).toEqual([]);
  });

  test('is left alone when the event comes again', async () => {
    await push('root/a/1/model.onnx', good);
    const made = forms();
    await prepare(stored('root/a/1/model.onnx'));
    expect(outcomes()).toEqual(['prepared', 'a version is left as it is']);
    expect(forms()).toEqual(made);
  });

  test('is prepared right by two at once', async () => {
    s3.put('root/a/1/model.onnx', good);
    await Promise.all([prepare(stored('root/a/1/model.onnx')), prepare(stored('root/a/1/model.onnx'))]);
    expect(outcomes()).toEqual(['prepared', 'prepared']);
    expect(await formOf('a')).toMatchObject({ operators: ['Add'] });
  });

  test('waits for its model.onnx, and for the external data that came after it', async () => {
    const weights = { location: 'w.bin' };
    const model = foldableModel(1500);
    const initializers = [{ name: 'w', datatype: 'FP32' as const, shape: [1], data: weights }];
    const withWeights = buildOnnx({ ...model, initializers: [...(model.initializers ?? []), ...initializers] });
    await push('root/a/1/labels.txt', 'cat\n');
    await push('root/a/1/model.onnx', withWeights);
    expect(outcomes()).toEqual(['a version is not there, or not whole yet', 'impossible']);
    expect(logged[1]).toMatchObject({ level: 'warn', reason: expect.stringContaining("external data 'w.bin'") });
    await push('root/a/1/w.bin', new Uint8Array(4));
    expect(outcomes()[2]).toBe('prepared');
  });

  test('is prepared anew once it is another', async () => {
    await push('root/a/1/model.onnx', good);
    const [first] = forms();
    await push('root/a/1/labels.txt', 'cat\n');
    expect(outcomes()).toEqual(['prepared', 'prepared']);
    expect(forms()).toContain(first);
    expect(new Set(forms().map((key) => key.split('/')[4])).size).toBe(2);
  });

  test('that was replaced while it was read is tried again, and no form is kept of the one for the other', async () => {
    // Of a model that was there before a copy lies on the disk.
    s3.put('root/a/1/model.onnx', buildOnnx(foldableModel(10)));
    const other = buildOnnx(foldableModel(11));
    s3.fault = ({ method, key }) => {
      if (method === 'GET' && key === 'root/a/1/model.onnx' && !s3.objects.get(key)?.body.equals(other))
        s3.put(key, other);
      return undefined;
    };
    await expect(prepare(stored('root/a/1/model.onnx'))).rejects.toThrow('was replaced while it was read');
    expect(forms()).toEqual([]);
  });

  test('whose form is damaged, or broke off while it was stored, gets another', async () => {
    await push('root/a/1/model.onnx', good);
    const made = forms();
    const [manifest = ''] = [...s3.objects.keys()].filter((key) => key.endsWith('/answer.json'));
    for (const damage of ['nonsense', '']) {
      s3.put(manifest, damage);
      await prepare(stored('root/a/1/model.onnx'));
      expect(outcomes().at(-1)).toBe('prepared');
      expect(forms().length).toBe(made.length);
      expect(await formOf('a')).toMatchObject({ operators: ['Add'] });
    }
  });
});

describe('what is the model’s own is said in the log, and is no failure', () => {
  test('it does not load', async () => {
    const broken = buildOnnx({ ...identityModel('FP32'), nodes: [{ op: 'NoSuch', inputs: ['x'], outputs: ['y'] }] });
    await push('root/a/1/model.onnx', broken);
    expect(logged).toMatchObject([
      { level: 'warn', outcome: 'impossible', model: 'a', version: 1, reason: expect.stringContaining('NoSuch') },
    ]);
    await push('root/b/1/model.onnx', 'no model');
    expect(logged[1]).toMatchObject({ outcome: 'impossible', reason: expect.stringContaining('model.onnx is') });
    expect(forms()).toEqual([]);
  });

  test('it wins nothing, and is not tried again but when its settings change', async () => {
    await push(
      'root/a/1/model.onnx',
      buildOnnx({ ...identityModel('FP32'), nodes: [{ op: 'RandomUniformLike', inputs: ['x'], outputs: ['y'] }] }),
    );
    expect(logged).toMatchObject([
      {
        level: 'info',
        outcome: 'unfit',
        reason: expect.stringContaining('the model answers something else each time'),
      },
    ]);
    await prepare(stored('root/a/1/model.onnx'));
    await prepare(all);
    expect(outcomes().slice(1)).toEqual(['a version is left as it is', 'a version is left as it is']);
    await push('root/a/model.json', '{}');
    expect(outcomes()[3]).toBe('unfit');
  });
});

test.each([
  'root/a/1/.prepared/x/model.onnx',
  'root/a b/1/model.onnx',
  'root/a+b/1/model.onnx',
  'root/modèle/1/model.onnx',
  'root/a/one/model.onnx',
  'root/a/1/',
  'root/a/labels.txt',
  'root/notes.txt',
  'elsewhere/a/1/model.onnx',
])('%s is no version of a model: S3 is asked for nothing', async (key) => {
  await push(key, good);
  expect(logged).toEqual([{ level: 'info', message: 'what was stored changes no model', key }]);
  expect(s3.requests).toEqual([]);
});

test('a file of a version may have any name that is plain', async () => {
  s3.put('root/a/1/model.onnx', good);
  await push('root/a/1/Wörter + mehr/a b.txt', 'x');
  expect(outcomes()).toEqual(['prepared']);
});

test('a store that fails is tried again', async () => {
  s3.put('root/a/1/model.onnx', good);
  s3.fault = ({ method }) => (method === 'PUT' ? { status: 403 } : undefined);
  await expect(prepare(stored('root/a/1/model.onnx'))).rejects.toThrow(
    "the prepared form of model 'a' version 1 cannot be stored in S3: access is denied",
  );
  expect(forms()).toEqual([]);
  s3.fault = () => ({ status: 403 });
  await expect(prepare(stored('root/a/1/model.onnx'))).rejects.toThrow("model 'a' cannot be read from S3");
});

describe('a deployment', () => {
  test('has all prepared that is served and has no form that fits', async () => {
    for (const key of ['a/1', 'a/2', 'a/3', 'b/1']) s3.put(`root/${key}/model.onnx`, good);
    s3.put('root/a/aliases.json', '{"before": 1}');
    await prepare(all);
    expect(logged.map(({ model, version, outcome }) => [model, version, outcome])).toEqual([
      ['a', 1, 'prepared'],
      ['a', 3, 'prepared'],
      ['b', 1, 'prepared'],
    ]);
    await prepare(all);
    expect(outcomes().slice(3)).toEqual(Array.from({ length: 3 }, () => 'a version is left as it is'));
  });

  test('goes on past one that fails, and says so; the next try does the rest', async () => {
    for (const name of ['a', 'b']) s3.put(`root/${name}/1/model.onnx`, good);
    s3.fault = ({ method, key }) => (method === 'PUT' && key.startsWith('root/a/') ? { status: 403 } : undefined);
    await expect(prepare(all)).rejects.toThrow("the prepared form of model 'a' version 1");
    expect(outcomes()).toEqual(['prepared']);
    s3.fault = () => undefined;
    await prepare(all);
    expect(outcomes().slice(1)).toEqual(['prepared', 'a version is left as it is']);
  });

  test('that finds more than there is time for leaves the rest to the next try', async () => {
    for (const name of ['a', 'b']) s3.put(`root/${name}/1/model.onnx`, good);
    await expect(prepare(all, 100_000)).rejects.toThrow('the time is up, and 1 of 2 versions are left');
  });
});
