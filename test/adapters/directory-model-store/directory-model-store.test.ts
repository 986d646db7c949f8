import { execFileSync } from 'node:child_process';
import { mkdir, symlink } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { DirectoryModelStore } from '../../../src/adapters/directory-model-store/directory-model-store.ts';
import { defaultCanaryRules } from '../../../src/core/canary/default-canary-rules.ts';
import { decoderGraph } from '../../fakes/decoder-graph.ts';
import { buildOnnx } from '../../fakes/onnx-builder.ts';
import { sampleModels } from '../../fakes/sample-models.ts';
import { TemporaryStore } from './temporary-store.ts';

const here = new TemporaryStore();

async function names() {
  const models = await here.store.list();
  return models
    .filter(({ versions }) => versions.length > 0)
    .map(({ name, versions }) => `${name} ${versions.join(' ')}`);
}

describe('list and find', () => {
  test('give each model with its whole versions, ascending by number', async () => {
    for (const version of [10, 9, 2]) await here.write(here.inside(`b/${version}/model.onnx`));
    await here.write(here.inside('a/1/model.onnx'));
    expect(await names()).toEqual(['a 1', 'b 2 9 10']);
    expect(await here.store.find('a')).toEqual({
      name: 'a',
      versions: [1],
      aliases: {},
      versionNotes: {},
      misplaced: [],
      config: {
        versionPolicy: { kind: 'latest', count: 1 },
        load: 'start',
        pinned: false,
        executionProviders: [],
        gpu: {},
        responseCache: false,
        intraOpThreads: 0,
        spinning: false,
        runsAtOnce: 0,
        runTimeoutMs: 0,
        batching: {
          mode: 'auto',
          maxBatchSize: 0,
          maxQueueDelayMs: 0,
          preferredBatchSizes: [],
          rowsApart: false,
          padding: { inputs: {}, outputs: {} },
        },
        queue: {
          maxSize: 0,
          timeoutMs: 0,
          timeoutAction: 'reject',
          priorityLevels: 0,
          defaultPriority: 1,
          priorities: {},
        },
        canary: defaultCanaryRules,
        gate: { tolerance: 1e-3, latencyRatio: 1.5, requireSamples: false },
        warmupShapes: {},
        labels: {},
      },
    });
  });

  test.each(['01', '0', '-1', '1.0', '1e3', 'v1', '1234567890123456'])(
    'a folder %p is no version, and said to be none',
    async (version) => {
      await here.write(here.inside(`a/${version}/model.onnx`));
      const problem = `'a/${version}' is no version: expected a whole number from 1 on, such as 'a/1'`;
      expect(await here.store.find('a')).toMatchObject({ versions: [], problem, misplaced: [problem] });
    },
  );

  test('what looks like a model or version, but is in the wrong place, is named with what is expected', async () => {
    await here.write(here.inside('good/1/model.onnx'));
    await here.write(here.inside('good/v2/model.onnx'));
    await here.write(here.inside('good/3/iris.onnx'));
    await here.write(here.inside('good/docs/readme.txt'));
    await here.write(here.inside('good/4'));
    await here.write(here.inside('flat/model.onnx'));
    await here.write(here.inside('my model/1/model.onnx'));
    await here.write(here.inside('loose.onnx'));
    await here.write(here.outside('2/model.onnx'));
    await symlink(here.outside(), here.inside('out'));
    await symlink(here.outside('2'), here.inside('good/2'));

    const [flat, good, ...others] = await here.store.list();
    expect(good).toMatchObject({
      versions: [1],
      misplaced: [
        "'good/2' is no folder in the model repository: expected one, or a link to one",
        "'good/3' has 'iris.onnx': expected the name 'model.onnx'",
        "'good/v2' is no version: expected a whole number from 1 on, such as 'good/1'",
      ],
    });
    expect(good).not.toHaveProperty('problem');
    expect(flat).toMatchObject({
      versions: [],
      problem: "'flat/model.onnx' lies in no version's folder: expected 'flat/1/model.onnx'",
    });
    expect(others.map(({ name, versions, problem }) => [name, versions, problem])).toEqual([
      ['loose.onnx', [], "'loose.onnx' lies in no model's folder: expected '<model>/1/model.onnx'"],
      ['my model', [], "'my model' is no model name: expected letters, digits, '.', '_' and '-', 128 at most"],
      ['out', [], "'out' leads out of the model repository: expected a folder in it, or a link to one"],
    ]);
  });

  test("Triton's settings beside versions are told of; a model that is Triton's alone is none", async () => {
    await here.write(here.inside('a/1/model.onnx'));
    await here.write(here.inside('a/config.pbtxt'));
    await here.write(here.inside('b/config.pbtxt'));
    const models = await here.store.list();
    expect(models).toMatchObject([
      {
        name: 'a',
        versions: [1],
        misplaced: [expect.stringContaining("'a/config.pbtxt' is not read: model.json has")],
      },
    ]);
    expect(models[0]).not.toHaveProperty('problem');
  });

  test('hidden names are passed over', async () => {
    await here.write(here.inside('a/.1-x/model.onnx'));
    await here.write(here.inside('.git/1/model.onnx'));
    await here.write(here.inside('.model.onnx'));
    expect(await here.store.list()).toEqual([]);
  });

  test('a half-written version is no version yet', async () => {
    await here.write(here.inside('a/1/model.onnx'));
    await here.write(here.inside('a/2/weights.bin'));
    await here.write(here.inside('a/.3-x/model.onnx'));
    await mkdir(here.inside('a/4/model.onnx'), { recursive: true });
    expect(await here.store.find('a')).toMatchObject({
      versions: [1],
      misplaced: [
        "'a/2' has no model.onnx",
        "'a/4/model.onnx' is no file in the model repository: expected one, or a link to one",
      ],
    });
    await expect(here.store.fetch('a', 2)).rejects.toMatchObject({ status: 404 });
  });

  test('files and folders without versions are no models', async () => {
    await here.write(here.inside('README.md'));
    await here.write(here.inside('recipes/make_models.py'));
    await symlink(here.inside('recipes'), here.inside('link'));
    expect(await here.store.list()).toEqual([]);
  });

  const notNames = ['..', '.', '', '../x', '..\\x', 'a/b', '/etc', '.hidden', 'a\0', 'a\n', 'ä', 'x'.repeat(129)];
  test.each(notNames)('a name %p never reaches the file system', async (name) => {
    await here.write(here.inside('../x/1/model.onnx'));
    await here.write(here.inside('1/model.onnx'));
    expect(await here.store.find(name)).toBeUndefined();
    await expect(here.store.fetch(name, 1)).rejects.toMatchObject({ status: 404 });
    await expect(here.store.readText(name, 1, 'labels.txt')).rejects.toMatchObject({ status: 404 });
  });

  test('links that leave the repository are refused, whichever part is the link', async () => {
    await here.write(here.outside('1/model.onnx'));
    await here.write(here.outside('1/labels.txt'), 'secret');
    await here.write(here.inside('true/1/model.onnx'));
    await symlink(here.outside(), here.inside('model-link'));
    await mkdir(here.inside('version-link'));
    await symlink(here.outside('1'), here.inside('version-link/1'));
    await mkdir(here.inside('file-link/1'), { recursive: true });
    await symlink(here.outside('1/model.onnx'), here.inside('file-link/1/model.onnx'));
    // Out by the version's folder, back in by its model.
    await mkdir(here.outside('back'));
    await symlink(here.inside('true/1/model.onnx'), here.outside('back/model.onnx'));
    await here.write(here.outside('back/labels.txt'), 'secret');
    await mkdir(here.inside('return'));
    await symlink(here.outside('back'), here.inside('return/1'));

    expect(await names()).toEqual(['true 1']);
    for (const name of ['model-link', 'version-link', 'file-link', 'return']) {
      await expect(here.store.fetch(name, 1)).rejects.toMatchObject({ status: 404 });
      await expect(here.store.readText(name, 1, 'labels.txt')).rejects.toMatchObject({ status: 404 });
    }
  });

  test('links within the repository are followed, and their bytes counted', async () => {
    await here.write(here.inside('blobs/one'), new Uint8Array([8, 1]));
    await mkdir(here.inside('a/1'), { recursive: true });
    await symlink('../../blobs/one', here.inside('a/1/model.onnx'));
    expect(await here.store.fetch('a', 1)).toMatchObject({ bytes: 2 });
  });

  test('a pipe called model.onnx is no model, and nobody waits for it', async () => {
    await mkdir(here.inside('a/1'), { recursive: true });
    execFileSync('mkfifo', [here.inside('a/1/model.onnx')]);
    expect(await names()).toEqual([]);
  });

  test('a repository that is not there is an error that says so', async () => {
    const store = new DirectoryModelStore(here.inside('none'));
    await expect(store.list()).rejects.toThrow(/^there is no model repository at .*none: expected a folder/);
  });
});

describe('fetch and readText', () => {
  test('fetch counts the model and all files beside it', async () => {
    await here.write(here.inside('a/1/model.onnx'), new Uint8Array([8, 1]));
    await here.write(here.inside('a/1/labels.txt'), 'abc');
    await here.write(here.inside('a/1/deep/er.bin'), '12345');
    expect(await here.store.fetch('a', 1)).toEqual({
      path: here.inside('a/1/model.onnx'),
      folder: here.inside('a/1'),
      bytes: 10,
      operators: [],
      mixesRows: 'it has no outputs',
      classes: {},
    });
  });

  test('fetch tells that a model is a decoder', async () => {
    const sizes = { layers: 1, width: 8, hidden: 8, heads: 2, cacheHeads: 2, vocabulary: 5, positions: 4 };
    const model = buildOnnx(decoderGraph(sizes, { attention: 'concat' }));
    await here.write(here.inside('a/1/model.onnx'), model);
    expect(await here.store.fetch('a', 1)).toMatchObject({ isDecoder: true });
  });

  test('fetch gives a model of more nodes than are looked through, which then takes one request a run', async () => {
    const nodes = Array.from({ length: 10_001 }, (_item, index) => ({
      op: 'Relu',
      inputs: [`h${index}`],
      outputs: [`h${index + 1}`],
    }));
    const value = (name: string) => ({ name, datatype: 'FP32' as const, shape: ['n'] });
    const model = buildOnnx({ inputs: [value('h0')], outputs: [value('h10001')], nodes });
    await here.write(here.inside('a/1/model.onnx'), model);
    expect(await here.store.fetch('a', 1)).toMatchObject({
      operators: ['Relu'],
      mixesRows: 'its graph could not be read',
    });
  });

  test.each([0, 2, -1, 1.5, Number.NaN, 1e21])('version %p of a model with version 1 is not found', async (version) => {
    await here.write(here.inside('a/1/model.onnx'));
    await expect(here.store.fetch('a', version)).rejects.toMatchObject({
      status: 404,
      message: `there is no model 'a' version ${version} in the store`,
    });
  });

  test('readText gives a file of the version', async () => {
    await here.write(here.inside('a/1/model.onnx'));
    await here.write(here.inside('a/1/labels.txt'), 'ä\nb\n');
    expect(await here.store.readText('a', 1, 'labels.txt')).toBe('ä\nb\n');
  });

  const notFiles = [
    'none',
    '../2/labels.txt',
    '..',
    '.',
    '',
    'sub',
    'sub/../labels.txt',
    '/etc/hosts',
    '.env',
    'a\0b',
    'link',
  ];
  test.each(notFiles)('readText refuses %p', async (file) => {
    await here.write(here.inside('a/1/model.onnx'));
    await here.write(here.inside('a/1/.env'));
    await here.write(here.inside('a/1/sub/file'));
    await here.write(here.inside('a/2/labels.txt'));
    await symlink('../2/labels.txt', here.inside('a/1/link'));
    await expect(here.store.readText('a', 1, file)).rejects.toMatchObject({
      status: 404,
      message: `model 'a' version 1 has no file '${file}' in its folder`,
    });
  });
});

const samples = sampleModels();
test('the sample repository holds its two models, and nothing else', async () => {
  const models = await new DirectoryModelStore(samples).list();
  expect(models.map(({ name, problem }) => [name, problem])).toEqual([
    ['digits', undefined],
    ['iris', undefined],
  ]);
});
