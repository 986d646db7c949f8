import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DirectoryModelStore } from '../../src/adapters/directory-model-store/directory-model-store.ts';
import { fillModelConfig } from '../../src/adapters/directory-model-store/fill-model-config.ts';
import type { ModelStore } from '../../src/ports/model-store.ts';
import { buildOnnx } from '../fakes/onnx-builder.ts';
import { TemporaryS3Store } from './s3-model-store/temporary-s3-store.ts';

const graph = { inputs: [], outputs: [], nodes: [] };
const model = buildOnnx(graph);
const withWeights = buildOnnx({
  ...graph,
  initializers: [{ name: 'w', datatype: 'FP32', shape: [1], data: { location: 'deep/w.bin' } }],
});
const bucket = new TemporaryS3Store();
let base = '';
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'tensorgate-stores-'));
  await mkdir(join(base, 'models'));
});
afterEach(() => rm(base, { recursive: true, force: true }));

async function file(name: string, content: string | Uint8Array): Promise<string> {
  await mkdir(dirname(join(base, name)), { recursive: true });
  await writeFile(join(base, name), content);
  return join(base, name);
}

const kinds: [string, { open(): ModelStore; write(key: string, content: string | Uint8Array): Promise<unknown> }][] = [
  [
    'a directory',
    {
      open: () => new DirectoryModelStore(join(base, 'models')),
      write: (key, content) => file(`models/${key}`, content),
    },
  ],
  ['a bucket', { open: () => bucket.store, write: async (key, content) => bucket.s3.put(`root/${key}`, content) }],
];

describe.each(kinds)('a repository in %s', (_kind, { open, write }) => {
  test('tells whether aliases have changed since it was last asked for the model', async () => {
    const store = open();
    await write('a/1/model.onnx', model);
    await write('a/2/model.onnx', model);
    await store.find('a');
    expect(await store.hasNewReleases('a')).toBe(false);
    await write('a/aliases.json', '{"production": 2}');
    expect(await store.hasNewReleases('a')).toBe(true);
    expect((await store.find('a'))?.aliases).toEqual({ production: { version: 2 } });
    expect(await store.hasNewReleases('a')).toBe(false);
    await open().changeReleases('a', (before) => ({ ...before, aliases: { production: { version: 1 } } }));
    expect(await store.hasNewReleases('a')).toBe(true);
    expect(await store.hasNewReleases('none')).toBe(false);
  });

  test('gives back what was stored, settings and all', async () => {
    const store = open();
    const words = await file('words', 'ä\nb\n');
    const source = await file('model.onnx', withWeights);
    await store.put(
      'a',
      2,
      new Map([
        ['model.onnx', source],
        ['deep/w.bin', words],
        ['labels.txt', words],
      ]),
    );
    await write('a/model.json', '{"labels": {"y": "labels.txt"}}');
    await write('a/aliases.json', '{"production": 2}');
    const stored = await store.find('a');
    expect(stored).toEqual({
      name: 'a',
      versions: [2],
      aliases: { production: { version: 2 } },
      versionNotes: {},
      config: fillModelConfig({ labels: { y: 'labels.txt' } }),
      misplaced: [],
    });
    expect(await open().list()).toEqual([stored]);
    const files = await store.fetch('a', 2);
    expect(files.bytes).toBe(withWeights.length + 10);
    expect(await readFile(files.path)).toEqual(Buffer.from(withWeights));
    expect(await readFile(join(files.folder, 'deep/w.bin'), 'utf8')).toBe('ä\nb\n');
    expect(await store.readText('a', 2, 'labels.txt')).toBe('ä\nb\n');
  });

  test('holds repositories as Hugging Face has them, of which the model and small texts count', async () => {
    const texts = {
      'config.json': '{}',
      'vocab.txt': 'a',
      '1_Pooling/config.json': '{"a": 1}',
      'onnx/deep/w.bin': '1234',
    };
    const others = {
      'pytorch_model.bin': 'x',
      'README.md': 'x',
      'onnx/model_fp16.onnx': 'x',
      'onnx/model_q4.onnx_data': 'x',
    };
    for (const [path, content] of Object.entries(texts)) await write(`a/1/${path}`, content);
    await write('a/1/onnx/model.onnx', withWeights);
    const store = open();
    expect(await store.find('a')).toMatchObject({ versions: [1], misplaced: [] });
    const digest = await store.digest('a', 1);
    const files = await store.fetch('a', 1);
    expect(files.path).toBe(join(files.folder, 'onnx/model.onnx'));
    expect(await readFile(join(files.folder, 'onnx/deep/w.bin'), 'utf8')).toBe('1234');
    expect(files.bytes).toBe(withWeights.length + 15);
    expect(await store.readText('a', 1, '1_Pooling/config.json')).toBe('{"a": 1}');
    for (const [path, content] of Object.entries(others)) await write(`a/1/${path}`, content);
    const again = open();
    expect(await again.fetch('a', 1)).toMatchObject({ bytes: files.bytes });
    expect(await again.digest('a', 1)).toBe(digest);
    const stored = new Map([
      ['onnx/model.onnx', await file('m.onnx', withWeights)],
      ['onnx/deep/w.bin', await file('w', '1234')],
      ['config.json', await file('c', '{}')],
    ]);
    await store.put('a', 2, stored);
    expect(await open().find('a')).toMatchObject({ versions: [1, 2] });
    expect(await readFile((await store.fetch('a', 2)).path)).toEqual(Buffer.from(withWeights));
    await expect(store.put('a', 2, stored)).rejects.toMatchObject({ status: 409 });
  });

  test('says where such a repository has to lie, and what its model is called', async () => {
    await write('a/onnx/model.onnx', model);
    await write('a/config.json', '{}');
    await write('b/1/onnx/model_int8.onnx', model);
    const problems = (await open().list()).map(({ problem }) => problem);
    expect(problems).toEqual([
      "'a/onnx' lies in no version's folder: expected 'a/1/onnx/model.onnx', and all that lies beside 'onnx' in 'a/1' too",
      "'b/1' has 'onnx/model_int8.onnx': expected the name 'onnx/model.onnx'",
    ]);
  });

  test('never overwrites a version', async () => {
    const source = await file('model.onnx', model);
    await open().put('a', 1, new Map([['model.onnx', source]]));
    const other = await file('other.onnx', buildOnnx({ ...graph, opset: 18 }));
    await expect(open().put('a', 1, new Map([['model.onnx', other]]))).rejects.toMatchObject({
      status: 409,
      message: "model 'a' version 1 exists already; versions are never overwritten",
    });
    expect(await readFile((await open().fetch('a', 1)).path)).toEqual(Buffer.from(model));
  });

  test('has one winner, with its own files, where many store one version at once', async () => {
    const source = await file('model.onnx', model);
    const callers = await Promise.all(
      [...Array(6).keys()].map(
        async (i) =>
          new Map([
            ['model.onnx', source],
            ['one.txt', await file(`${i}`, String(i))],
            ['two.txt', join(base, `${i}`)],
          ]),
      ),
    );
    const results = await Promise.allSettled(callers.map((files) => open().put('a', 1, files)));
    const winner = results.findIndex(({ status }) => status === 'fulfilled');
    const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason.status] : []));
    expect(reasons).toEqual(Array(5).fill(409));
    expect(await open().readText('a', 1, 'one.txt')).toBe(String(winner));
    expect(await open().readText('a', 1, 'two.txt')).toBe(String(winner));
  });

  test.each(['../w.bin', '/etc/hosts', 'deep/../../w.bin', '..\\w.bin'])(
    'refuses external data at %p',
    async (location) => {
      const data = { location };
      const bytes = buildOnnx({ ...graph, initializers: [{ name: 'w', datatype: 'FP32', shape: [1], data }] });
      const message = `model 'a' version 1 names external data '${location}' outside its folder: it must be a file in the version's own folder`;
      const source = await file('model.onnx', bytes);
      await expect(open().put('a', 1, new Map([['model.onnx', source]]))).rejects.toMatchObject({
        status: 400,
        message,
      });
      await write('a/1/model.onnx', bytes);
      await expect(open().fetch('a', 1)).rejects.toMatchObject({ status: 400, message });
    },
  );

  test('refuses to store a model without its external data, or without a model', async () => {
    const source = await file('model.onnx', withWeights);
    await expect(open().put('a', 1, new Map([['model.onnx', source]]))).rejects.toMatchObject({
      status: 400,
      message: "model 'a' version 1 names external data 'deep/w.bin', which is not in the version's folder",
    });
    await expect(open().put('a', 1, new Map([['x', source]]))).rejects.toMatchObject({
      status: 400,
      message: "model 'a' version 1: expected a file 'model.onnx', got x",
    });
    expect(await open().find('a')).toBeUndefined();
  });

  test.each(['../x', '/tmp/tensorgate-x', '', '.', 'deep/../../x'])('refuses to store a file as %p', async (name) => {
    const source = await file('model.onnx', model);
    const files = new Map([
      ['model.onnx', source],
      [name, source],
    ]);
    await expect(open().put('a', 1, files)).rejects.toMatchObject({
      status: 400,
      message: `file '${name}' would leave the version's folder`,
    });
  });

  test.each(['..', '../b', '.a', ''])('refuses the name %p', async (name) => {
    await expect(open().put(name, 1, new Map())).rejects.toMatchObject({
      status: 400,
      message: `'${name}' is no model name: expected letters, digits, '.', '_' and '-', 128 at most`,
    });
  });

  test.each([0, -1, 1.5, Number.NaN, 1e21])('has no version %p', async (version) => {
    await write('a/1/model.onnx', model);
    await expect(open().put('a', version, new Map())).rejects.toMatchObject({ status: 400 });
    await expect(open().fetch('a', version)).rejects.toMatchObject({
      status: 404,
      message: `there is no model 'a' version ${version} in the store`,
    });
  });

  test.each(['none', '../2/labels.txt', '..', '', 'sub', 'sub/../file', '/etc/hosts', '.env', 'a\0b'])(
    'reads no text from %p',
    async (name) => {
      await write('a/1/model.onnx', model);
      await write('a/1/sub/file', 'x');
      await write('a/2/labels.txt', 'x');
      await expect(open().readText('a', 1, name)).rejects.toMatchObject({
        status: 404,
        message: `model 'a' version 1 has no file '${name}' in its folder`,
      });
    },
  );
});
