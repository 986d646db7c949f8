import { readdir } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { modelOf, TemporaryS3Store } from './temporary-s3-store.ts';

const here = new TemporaryS3Store();

async function names() {
  return (await here.store.list()).map(({ name, versions }) => `${name} ${versions.join(' ')}`);
}

describe('list', () => {
  test('gives each model with its whole versions, ascending by number, over many pages', async () => {
    here.s3.pageKeys = 2;
    for (const version of [10, 9, 2]) here.s3.put(`root/b/${version}/model.onnx`, '');
    here.s3.put('root/a/1/model.onnx', modelOf(2));
    here.s3.put('other/c/1/model.onnx', '');
    here.s3.put('root/a/1/labels.txt', 'x');
    here.s3.put('root/a/1/with space & <signs> +ü.txt', '');
    expect(await names()).toEqual(['a 1', 'b 2 9 10']);
    expect(await here.store.readText('a', 1, 'labels.txt')).toBe('x');
    const { folder } = await here.store.fetch('a', 1);
    expect(await readdir(folder)).toContain('with space & <signs> +ü.txt');
  });

  test('names what looks like a model and is none', async () => {
    for (const key of ['x.onnx', 'a/1/model.onnx', 'a/x.onnx', 'a/v2/model.onnx', 'a/3/net.onnx', 'ä/1/model.onnx']) {
      here.s3.put(`root/${key}`, '');
    }
    const models = await here.store.list();
    expect(models.map(({ name, versions, misplaced }) => ({ name, versions, misplaced }))).toEqual([
      {
        name: 'a',
        versions: [1],
        misplaced: [
          "'a/3' has 'net.onnx': expected the name 'model.onnx'",
          "'a/v2' is no version: expected a whole number from 1 on, such as 'a/1'",
          "'a/x.onnx' lies in no version's folder: expected 'a/1/model.onnx'",
        ],
      },
      {
        name: 'x.onnx',
        versions: [],
        misplaced: ["'x.onnx' lies in no model's folder: expected '<model>/1/model.onnx'"],
      },
      { name: 'ä', versions: [], misplaced: [expect.stringContaining("'ä' is no model name: expected letters")] },
    ]);
  });

  test("names Triton's settings beside versions, and says nothing of a model that is Triton's alone", async () => {
    for (const key of ['a/1/model.onnx', 'a/config.pbtxt', 'b/1/model.plan', 'b/config.pbtxt'])
      here.s3.put(`root/${key}`, '');
    expect(await here.store.list()).toMatchObject([
      {
        name: 'a',
        versions: [1],
        misplaced: [expect.stringContaining("'a/config.pbtxt' is not read: model.json has")],
      },
    ]);
  });

  test('says nothing of a version whose model is not there yet, of hidden keys and of what is none of ours', async () => {
    for (const key of ['a/1/weights.bin', 'b/.git/1/model.onnx', '.c/1/model.onnx', 'README.md', 'd/', 'd/notes.txt']) {
      here.s3.put(`root/${key}`, '');
    }
    expect(await here.store.list()).toEqual([]);
  });
});

test('what is hidden at the root is not listed: of audit logs there may be millions of objects', async () => {
  here.s3.pageKeys = 2;
  for (let i = 0; i < 9; i += 1) here.s3.put(`root/.audit/changes/${i}.jsonl`, '');
  here.s3.put('root/0/1/model.onnx', '');
  expect(await names()).toEqual(['0 1']);
  expect(here.s3.requests.filter(({ query }) => query.has('list-type'))).toHaveLength(1);
});

test('of a store of named models these alone are listed: who may read some is refused a listing of all', async () => {
  for (const name of ['a', 'b', 'ab']) here.s3.put(`root/${name}/1/model.onnx`, '');
  // As a role of a deployment that may list `a/*` and `b/*`; an empty prefix is one too.
  here.s3.fault = ({ query }) =>
    query.has('list-type') && !/^root\/[ab]\//.test(query.get('prefix') ?? '')
      ? { status: 403, code: 'AccessDenied' }
      : undefined;
  const store = here.open({ names: ['a', 'b'] });
  const listed = async () => (await store.list()).map(({ name, versions }) => `${name} ${versions.join(' ')}`);
  expect(await listed()).toEqual(['a 1', 'b 1']);
  here.s3.put('root/b/2/model.onnx', '');
  here.clock.ms += 30_000;
  expect(await listed()).toEqual(['a 1', 'b 1 2']);
  await expect(here.open().list()).rejects.toThrow(/access is denied/);
});

describe('what is new', () => {
  test('shows within the set time, and until then nothing is asked', async () => {
    here.s3.put('root/a/1/model.onnx', '');
    expect(await names()).toEqual(['a 1']);
    here.s3.put('root/a/2/model.onnx', '');
    here.clock.ms += 29_999;
    expect(await names()).toEqual(['a 1']);
    expect(here.s3.requests).toHaveLength(1);
    here.clock.ms += 1;
    expect(await names()).toEqual(['a 1 2']);
    expect(here.s3.requests).toHaveLength(2);
  });

  test('shows at once to find', async () => {
    here.s3.put('root/a/1/model.onnx', '');
    await here.store.list();
    here.s3.put('root/a/2/model.onnx', '');
    expect(await here.store.find('a')).toMatchObject({ versions: [1, 2] });
    expect(await here.store.find('b')).toBeUndefined();
  });

  test('callers that come at once share one listing', async () => {
    await Promise.all([here.store.list(), here.store.list()]);
    expect(here.s3.requests).toHaveLength(1);
  });

  test('a listing that fails is tried again by the next call', async () => {
    here.s3.fault = () => ({ status: 403 });
    await expect(here.store.list()).rejects.toThrow(/access is denied/);
    here.s3.fault = () => undefined;
    expect(await here.store.list()).toEqual([]);
  });
});

describe('settings', () => {
  test('are read when their ETag is new, and only then', async () => {
    here.s3.put('root/a/1/model.onnx', '');
    here.s3.put('root/a/model.json', '{"pinned": true}');
    here.s3.put('root/a/aliases.json', '{"production": 1}');
    expect(await here.store.list()).toMatchObject([
      { config: { pinned: true }, aliases: { production: { version: 1 } } },
    ]);
    here.s3.put('root/a/aliases.json', '{"production": 1, "staging": 1}');
    here.clock.ms += 30_000;
    expect(await here.store.list()).toMatchObject([
      { aliases: { production: { version: 1 }, staging: { version: 1 } } },
    ]);
    expect(here.s3.count('GET', /json/)).toBe(3);
  });

  test.each([
    ['model.json', '{"pinnd": true}', "model.json: unknown key 'pinnd'; did you mean 'pinned'?"],
    ['model.json', '{', expect.stringMatching(/^model\.json: not JSON/)],
    ['aliases.json', '{"production": 0}', "aliases.json: alias 'production': expected a version number, got 0"],
    ['aliases.json', ' '.repeat(1024 * 1024 + 1), expect.stringMatching(/^aliases\.json: .*it is over 1048576 bytes/)],
  ])('%s with %.20j is a problem of its model', async (file, content, problem) => {
    here.s3.put('root/a/1/model.onnx', '');
    here.s3.put(`root/a/${file}`, content);
    expect(await here.store.find('a')).toMatchObject({ versions: [1], problem });
  });

  test('that cannot be read are a problem, until they can', async () => {
    here.s3.put('root/a/1/model.onnx', '');
    here.s3.put('root/a/aliases.json', '{"production": 1}');
    here.s3.fault = ({ key }) => (key.endsWith('.json') ? { status: 403, code: 'AccessDenied' } : undefined);
    expect((await here.store.find('a'))?.problem).toMatch(
      /^aliases\.json: it cannot be read from S3: access is denied/,
    );
    here.s3.fault = () => undefined;
    expect(await here.store.find('a')).not.toHaveProperty('problem');
  });
});

describe('watch', () => {
  test('calls back when something is new, and not when nothing is', async () => {
    here.s3.put('root/a/1/model.onnx', '');
    const store = here.open({ refreshMs: 20 });
    await store.list();
    let calls = 0;
    const end = store.watch(() => {
      calls += 1;
    });
    const polls = async (count: number) => {
      const before = here.s3.requests.length;
      while (here.s3.requests.length < before + count) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    await polls(3);
    expect(calls).toBe(0);
    here.s3.put('root/a/aliases.json', '{"production": 1}');
    await polls(3);
    expect(calls).toBe(1);
    end();
    const asked = here.s3.requests.length;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(here.s3.requests.length).toBeLessThanOrEqual(asked + 1);
  });
});

test('a warm version asks nothing of S3', async () => {
  here.s3.put('root/a/1/model.onnx', modelOf(10));
  await here.store.list();
  await here.store.fetch('a', 1);
  const asked = here.s3.requests.length;
  for (let i = 0; i < 10; i += 1) {
    await here.store.list();
    await here.store.fetch('a', 1);
    here.clock.ms += 1000;
  }
  expect(here.s3.requests).toHaveLength(asked);
});
