import { readFile, symlink } from 'node:fs/promises';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { fillModelConfig } from '../../../src/adapters/directory-model-store/fill-model-config.ts';
import { modelConfigSchema } from '../../../src/adapters/directory-model-store/model-config-schema.ts';
import { taskSchema } from '../../../src/adapters/directory-model-store/task-schema.ts';
import { TemporaryStore } from './temporary-store.ts';

const here = new TemporaryStore();
beforeEach(() => here.write(here.inside('a/1/model.onnx')));

async function withConfig(config: unknown) {
  await here.write(here.inside('a/model.json'), typeof config === 'string' ? config : JSON.stringify(config));
  return here.store.find('a');
}

async function withAliases(aliases: unknown) {
  await here.write(here.inside('a/aliases.json'), typeof aliases === 'string' ? aliases : JSON.stringify(aliases));
  return here.store.find('a');
}

describe('model.json', () => {
  const state = [{ input: 's', output: 'sN' }];

  test.each([
    ['all', { kind: 'all' }],
    [{ latest: 3 }, { kind: 'latest', count: 3 }],
    [{ specific: [1, 3] }, { kind: 'specific', versions: [1, 3] }],
  ])('the version policy %j is read', async (versionPolicy, expected) => {
    const model = await withConfig({ versionPolicy });
    expect(model?.config.versionPolicy).toEqual(expected);
    expect(model).not.toHaveProperty('problem');
  });

  test('every key is taken over, and $schema allowed', async () => {
    const config = {
      load: 'first-use',
      pinned: true,
      intraOpThreads: 2,
      spinning: true,
      responseCache: true,
      runsAtOnce: 1,
      runTimeoutMs: 5000,
      queue: {
        maxSize: 10,
        timeoutMs: 200,
        timeoutAction: 'delay',
        priorityLevels: 2,
        defaultPriority: 2,
        priorities: { 1: { maxSize: 3 } },
      },
      executionProviders: ['cuda', 'cpu'],
      gpu: { deviceId: 1, memoryBytes: 4_000_000_000 },
      gate: { tolerance: 0.01, latencyRatio: 0, requireSamples: true },
      warmupShapes: { X: [8, 4] },
      labels: { probabilities: 'labels.txt' },
    };
    expect((await withConfig({ $schema: '../../docs/model.schema.json', ...config }))?.config).toEqual({
      ...config,
      versionPolicy: { kind: 'latest', count: 1 },
      batching: fillModelConfig({}).batching,
      canary: fillModelConfig({}).canary,
    });
  });

  test('drift is watched where it is asked for, with what is usual for what is not said', async () => {
    expect((await withConfig({}))?.config.drift).toBeUndefined();
    expect((await withConfig({ drift: {} }))?.config.drift).toEqual({ baselineRows: 1000, share: 1 });
    expect((await withConfig({ drift: { share: 0.1 } }))?.config.drift).toEqual({ baselineRows: 1000, share: 0.1 });
  });

  test('what is tolerated of a canary is by default but for what is said', async () => {
    const { canary } = fillModelConfig({});
    const given = { confidence: 0.999, tolerated: { disagreement: 1 }, comparePercent: 0 };
    expect((await withConfig({ canary: given }))?.config.canary).toEqual({
      ...canary,
      confidence: 0.999,
      tolerated: { ...canary.tolerated, disagreement: 1 },
      comparePercent: 0,
    });
    expect((await withConfig({ canary: { confidence: 1 } }))?.problem).toContain("'canary.confidence'");
  });

  test('whoever says how requests share runs wants that they do', async () => {
    const mode = async (batching: object) => (await withConfig({ batching }))?.config.batching.mode;
    expect(await mode({})).toBe('auto');
    expect(await mode({ mode: 'off' })).toBe('off');
    expect(await mode({ maxBatchSize: 8 })).toBe('on');
    expect(await mode({ mode: 'auto', maxBatchSize: 8 })).toBe('auto');
    const padding = { inputs: { ids: { axis: 1 }, x: { axis: 2, value: -1 } } };
    expect((await withConfig({ batching: { padding } }))?.config.batching).toEqual({
      ...fillModelConfig({}).batching,
      mode: 'on',
      padding: { inputs: { ids: { axis: 1, value: 0 }, x: { axis: 2, value: -1 } }, outputs: {} },
    });
  });

  test('how long sequences may be idle, and how many there may be, has defaults', async () => {
    expect((await withConfig({ sequence: { state, maxSequences: 3 } }))?.config.sequence).toEqual({
      state,
      idleTimeoutMs: 60_000,
      maxSequences: 3,
      maxBytes: 2 ** 26,
    });
  });

  test('a byte order mark does not harm', async () => {
    expect((await withConfig('\uFEFF{"pinned": true}'))?.config.pinned).toBe(true);
  });

  const policies = `'versionPolicy': expected "all", {"latest": n} or {"specific": [1, 2]}, got`;
  test.each([
    [{ versionPolcy: 'all' }, "unknown key 'versionPolcy'; did you mean 'versionPolicy'?"],
    [{ intraopthreads: 2 }, "unknown key 'intraopthreads'; did you mean 'intraOpThreads'?"],
    [
      { colour: 'red' },
      "unknown key 'colour'; the keys are $schema, versionPolicy, load, pinned, intraOpThreads, spinning, executionProviders, gpu, responseCache, runsAtOnce, runTimeoutMs, batching, queue, drift, canary, task, sequence, steps, inputs, outputs, gate, warmupShapes, labels",
    ],
    [
      { task: 'text-clasification' },
      `'task': must be equal to one of the allowed values (${taskSchema.then.enum.join(', ')}), got "text-clasification"`,
    ],
    [{ task: { preprocess: [] } }, "'task': must have required property 'name', got {\"preprocess\":[]}"],
    [
      { task: { name: 'text-classification', preprocess: [{ tokenise: {} }] } },
      "'task.preprocess.0': unknown key 'tokenise'; did you mean 'tokenize'?",
    ],
    [
      { task: { name: 'text-classification', postprocess: [{ topK: { k: 0 } }] } },
      "'task.postprocess.0.topK.k': must be >= 1, got 0",
    ],
    [
      { task: 'text-classification', sequence: { state: [{ input: 's', output: 't' }] } },
      "'task': a model with 'sequence' takes tensors alone; remove one of the two",
    ],
    [{ pinned: 'yes' }, '\'pinned\': must be boolean, got "yes"'],
    [{ load: 'later' }, '\'load\': must be equal to one of the allowed values (start, first-use), got "later"'],
    [{ intraOpThreads: 1.5 }, "'intraOpThreads': must be integer, got 1.5"],
    [{ intraOpThreads: -1 }, "'intraOpThreads': must be >= 0, got -1"],
    [
      { executionProviders: ['cpu', 'cuda'] },
      `'executionProviders': cpu runs every model, so that none after it is reached; expected ["cuda", "cpu"]`,
    ],
    [
      { executionProviders: ['tensorrt'] },
      '\'executionProviders.0\': must be equal to one of the allowed values (cuda, cpu), got "tensorrt"',
    ],
    [{ gpu: { device: 1 } }, "'gpu': unknown key 'device'; did you mean 'deviceId'?"],
    [{ warmupShapes: { X: [-1] } }, "'warmupShapes.X.0': must be >= 0, got -1"],
    [{ labels: { y: 3 } }, "'labels.y': must be string, got 3"],
    [{ batching: 8 }, "'batching': must be object, got 8"],
    [{ batching: { maxBatch: 8 } }, "'batching': unknown key 'maxBatch'; did you mean 'maxBatchSize'?"],
    [{ batching: { padding: {} } }, "'batching.padding': must have required property 'inputs', got {}"],
    [
      { batching: { padding: { inputs: { x: { axis: 0 } } } } },
      "'batching.padding.inputs.x.axis': must be >= 1, got 0",
    ],
    [
      { batching: { maxBatchSize: 8, preferredBatchSizes: [4, 16] } },
      "'batching.preferredBatchSizes': 16 is more than the maxBatchSize of 8",
    ],
    [
      { queue: { defaultPriority: 2 } },
      "'queue.defaultPriority': expected a priority, got 2; there are none: set queue.priorityLevels",
    ],
    [
      { queue: { priorityLevels: 2, priorities: { 3: {} } } },
      "'queue.priorities': expected priorities, got '3'; 1 to 2 are there",
    ],
    [{ sequence: { state: [] } }, "'sequence.state': must NOT have fewer than 1 items, got []"],
    [
      { sequence: { state }, batching: { maxBatchSize: 8 } },
      "'batching': requests of a model with 'sequence' do not share runs; remove one of the two",
    ],
    [
      { sequence: { state }, responseCache: true },
      "'responseCache': answers of a model with 'sequence' depend on its state; remove one of the two",
    ],
    [{ versionPolicy: 'newest' }, `${policies} "newest"`],
    [{ versionPolicy: { lates: 2 } }, "'versionPolicy': unknown key 'lates'; did you mean 'latest'?"],
    [{ versionPolicy: { oldest: 2 } }, "'versionPolicy': unknown key 'oldest'; the keys are latest, specific"],
    [{ versionPolicy: [1, 2] }, `${policies} [1,2]`],
    [{ versionPolicy: { latest: 0 } }, `${policies} {"latest":0}`],
    [{ versionPolicy: { latest: 1, specific: [1] } }, `${policies} {"latest":1,"specific":[1]}`],
    [[], 'the file: must be object, got []'],
    [
      { task: { name: 'text-generation', preprocess: [{ text: {} }] } },
      "'task.preprocess': the task text-generation has no such setting; remove it",
    ],
    [
      { task: { name: 'feature-extraction', endTokens: [2] } },
      "'task.endTokens': the task feature-extraction has no such setting; remove it",
    ],
    [null, 'the file: must be object, got null'],
  ])('%j is a problem that says what to write', async (config, problem) => {
    expect(await withConfig(config)).toMatchObject({ versions: [1], problem: `model.json: ${problem}` });
  });

  test('a long value is shown in part', async () => {
    const problem = (await withConfig({ pinned: 'x'.repeat(1000) }))?.problem ?? '';
    expect(problem).toMatch(/got "x{99}…$/);
  });

  test('broken JSON is a problem of its model alone', async () => {
    await here.write(here.inside('b/1/model.onnx'));
    await withConfig('{"pinned": tru');
    const [a, b] = await here.store.list();
    expect(a?.problem).toMatch(/^model\.json: not JSON: /);
    expect(b).not.toHaveProperty('problem');
  });

  test('a link out of the repository is a problem that shows nothing of what it leads to', async () => {
    await symlink(await here.write(here.outside('passwords'), 'root:x:0'), here.inside('a/model.json'));
    expect((await here.store.find('a'))?.problem).toBe('model.json: expected a file inside the model repository');
  });

  test('the published schema is the one in use', async () => {
    // To remake it: node -e "import('./src/adapters/directory-model-store/model-config-schema.ts').then((file) =>
    // console.log(JSON.stringify(file.modelConfigSchema, null, 2)))" > docs/model.schema.json && npx biome format
    // --write docs
    expect(JSON.parse(await readFile('docs/model.schema.json', 'utf8'))).toEqual(modelConfigSchema);
  });
});

describe('aliases.json', () => {
  test('an alias is a version, or an object with one', async () => {
    const staging = { version: 5, canary: { version: 6, percent: 2.5, sticky: 'key' }, previous: 4 };
    const shadowed = { version: 1, shadow: { version: 2, percent: 100 }, forced: 'slower' };
    expect(await withAliases({ production: 4, staging, shadowed, constructor: 1 })).toMatchObject({
      aliases: { production: { version: 4 }, staging, shadowed, constructor: { version: 1 } },
      versionNotes: {},
    });
    expect(await here.store.find('a')).not.toHaveProperty('problem');
  });

  test('notes of versions stand beside aliases', async () => {
    const versionNotes = { 2: { deprecated: 'wrong for hares' }, 3: { deleted: true } };
    expect(await withAliases({ production: 1, $versions: versionNotes })).toMatchObject({
      aliases: { production: { version: 1 } },
      versionNotes,
    });
    expect(await here.store.find('a')).not.toHaveProperty('problem');
  });

  test.each([
    [{ '1st': 1 }, "'1st' is no alias: expected a letter, then letters, digits, '_' and '-', 64 at most"],
    [{ '': 1 }, "'' is no alias: expected a letter, then letters, digits, '_' and '-', 64 at most"],
    ['{"__proto__": 1}', "'__proto__' is no alias: expected a letter, then letters, digits, '_' and '-', 64 at most"],
    [{ production: 'four' }, 'alias \'production\': expected a version number, got "four"'],
    [{ production: 0 }, "alias 'production': expected a version number, got 0"],
    [{ production: null }, "alias 'production': expected a version number, got null"],
    [{ production: { canary: 1 } }, 'alias \'production\': expected a version number, got {"canary":1}'],
    [{ a: { version: 1, canry: 2 } }, "alias 'a': unknown key 'canry'; did you mean 'canary'?"],
    [{ a: { version: 1, canary: { version: 2 } } }, "alias 'a': canary: expected percent in it"],
    [
      { a: { version: 1, canary: { version: 2, percent: 101 } } },
      "alias 'a': canary: percent: expected a number from 0 to 100, got 101",
    ],
    [
      { a: { version: 1, canary: { version: 2, percent: 1, sticky: 'ip' } } },
      "alias 'a': canary: sticky: expected 'key' or 'id', got \"ip\"",
    ],
    [{ a: { version: 1, shadow: 2 } }, "alias 'a': shadow: expected an object, got 2"],
    [{ $versions: [] }, '$versions: expected an object, got []'],
    [{ $versions: { x: {} } }, "$versions: 'x': expected a version number"],
    [{ $versions: { 1: { deleted: false } } }, "$versions: '1': deleted: expected true, got false"],
    [[4], 'expected an object, got [4]'],
    [null, 'expected an object, got null'],
  ])('%j is a problem', async (aliases, problem) => {
    expect(await withAliases(aliases)).toMatchObject({ aliases: {}, problem: `aliases.json: ${problem}` });
  });

  test('broken JSON is a problem', async () => {
    expect((await withAliases('{'))?.problem).toMatch(/^aliases\.json: not JSON: /);
  });
});
