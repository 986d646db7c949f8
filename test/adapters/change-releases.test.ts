import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, open as openFile, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DirectoryModelStore } from '../../src/adapters/directory-model-store/directory-model-store.ts';
import type { ModelStore, ReleaseState } from '../../src/ports/model-store.ts';
import { buildOnnx } from '../fakes/onnx-builder.ts';
import { TemporaryS3Store } from './s3-model-store/temporary-s3-store.ts';

const model = buildOnnx({ inputs: [], outputs: [], nodes: [] });
const bucket = new TemporaryS3Store();
let base = '';
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'tensorgate-releases-'));
});
afterEach(() => rm(base, { recursive: true, force: true }));

interface Kind {
  open(): ModelStore;
  write(key: string, content: string | Uint8Array): Promise<unknown>;
  read(key: string): Promise<string | undefined>;
}

const kinds: [string, Kind][] = [
  [
    'a directory',
    {
      open: () => new DirectoryModelStore(base),
      write: async (key, content) => {
        await mkdir(dirname(join(base, key)), { recursive: true });
        await writeFile(join(base, key), content);
      },
      read: (key) => readFile(join(base, key), 'utf8').catch(() => undefined),
    },
  ],
  [
    'a bucket',
    {
      open: () => bucket.open(),
      write: async (key, content) => bucket.s3.put(`root/${key}`, content),
      read: async (key) => bucket.s3.objects.get(`root/${key}`)?.body.toString(),
    },
  ],
];

function setAlias(alias: string, version: number): (before: ReleaseState) => ReleaseState {
  return (before) => ({ ...before, aliases: { ...before.aliases, [alias]: { version } } });
}

describe.each(kinds)('releases of models in %s', (_kind, { open, write, read }) => {
  beforeEach(async () => {
    await write('a/1/model.onnx', model);
    await write('a/2/model.onnx', model);
  });

  test('are written as people write them, and as they were given', async () => {
    await open().changeReleases('a', setAlias('production', 1));
    expect(JSON.parse((await read('a/aliases.json')) ?? '')).toEqual({ production: 1 });
    const target = { version: 2, previous: 1, canary: { version: 1, percent: 0, stopped: 'too many errors' } };
    const after = await open().changeReleases('a', () => ({
      aliases: { production: target },
      versionNotes: { 1: { deprecated: 'wrong' } },
    }));
    expect(after).toEqual({ aliases: { production: target }, versionNotes: { 1: { deprecated: 'wrong' } } });
    expect(await open().find('a')).toMatchObject({ ...after, versions: [1, 2] });
    expect(await open().find('a')).not.toHaveProperty('problem');
  });

  test('lose no change of many at once', async () => {
    const aliases = [...Array(12).keys()].map((number) => `alias${number}`);
    await Promise.all(aliases.map((alias) => open().changeReleases('a', setAlias(alias, 1))));
    expect(Object.keys((await open().find('a'))?.aliases ?? {}).sort()).toEqual([...aliases].sort());
  });

  test('are not written where nothing changes, or where the change is refused', async () => {
    const { aliases } = await open().changeReleases('a', (before) => before);
    expect(aliases).toEqual({});
    const refuse = () => {
      throw new Error('not now');
    };
    await expect(open().changeReleases('a', refuse)).rejects.toThrow('not now');
    expect(await read('a/aliases.json')).toBeUndefined();
    // The refused change holds nobody up.
    await open().changeReleases('a', setAlias('b', 2));
  });

  test('have no alias, canary or shadow of a version that is deleted, which is seen no more', async () => {
    await open().changeReleases('a', (before) => ({ ...before, versionNotes: { 2: { deleted: true } } }));
    const canary = { version: 2, percent: 1 };
    for (const target of [{ version: 2 }, { version: 1, canary }, { version: 1, shadow: canary }]) {
      const change = open().changeReleases('a', (before) => ({ ...before, aliases: { p: target } }));
      await expect(change).rejects.toMatchObject({
        status: 409,
        message: "model 'a': alias 'p' would name version 2, which is deleted",
      });
    }
    const store = open();
    expect(await store.find('a')).toMatchObject({ versions: [1], aliases: {} });
    expect(await store.list()).toMatchObject([{ versions: [1] }]);
  });

  test('stay as they are where the file does not hold', async () => {
    await write('a/aliases.json', '{');
    await expect(open().changeReleases('a', setAlias('p', 1))).rejects.toMatchObject({
      status: 409,
      message: expect.stringMatching(/^model 'a': aliases\.json: not JSON/),
    });
    expect(await read('a/aliases.json')).toBe('{');
  });

  test('keep the number of a version that was deleted, whose files go', async () => {
    const source = join(base, 'source');
    await writeFile(source, model);
    const files = new Map([['model.onnx', source]]);
    const note = (before: ReleaseState) => ({
      ...before,
      versionNotes: { 1: { deleted: true }, 2: { deleted: true } },
    });
    await open().changeReleases('a', note as (before: ReleaseState) => ReleaseState);
    await open().remove('a', 1);
    await open().remove('a', 1);
    await open().remove('a', 2);
    expect(await read('a/1/model.onnx')).toBeUndefined();
    for (const version of [1, 2])
      await expect(open().put('a', version, files)).rejects.toMatchObject({
        status: 409,
        message: `model 'a' version ${version} was deleted, and its number is not given again; store it as another version`,
      });
    // Of the model nothing is left but that.
    expect(await open().find('a')).toBeUndefined();
    expect((await open().changeReleases('a', (before) => before)).versionNotes).toMatchObject({ 1: { deleted: true } });
    await open().put('a', 3, files);
    expect(await open().find('a')).toMatchObject({ versions: [3] });
  });

  test('show nothing of a version that was deleted while it was on its way', async () => {
    const source = join(base, 'source');
    await writeFile(source, model);
    // Whoever opens a pipe waits for its other end: the push has begun once it is at one, and goes no further than two.
    const pipes = [join(base, 'pipe1'), join(base, 'pipe2')] as const;
    execFileSync('mkfifo', pipes);
    const pushing = open().put(
      'a',
      5,
      new Map([
        ['1.bin', pipes[0]],
        ['2.bin', pipes[1]],
        ['model.onnx', source],
      ]),
    );
    await (await openFile(pipes[0], 'w')).close();
    await open().changeReleases('a', (before) => ({ ...before, versionNotes: { 5: { deleted: true } } }));
    const ends = await Promise.all(pipes.map((pipe) => openFile(pipe, 'r+')));
    await expect(pushing).rejects.toMatchObject({ status: 409 });
    await Promise.all(ends.map((end) => end.close()));
    expect(await read('a/5/model.onnx')).toBeUndefined();
  });

  test.each(['b', '..', ''])('there are none of %p', async (name) => {
    await expect(open().changeReleases(name, setAlias('p', 1))).rejects.toMatchObject({ status: 404 });
  });
});

test('in a bucket: a change whose answer was lost is not made twice', async () => {
  bucket.s3.put('root/a/1/model.onnx', model);
  let isFirst = true;
  bucket.s3.fault = ({ method }) => {
    if (method !== 'PUT' || !isFirst) return undefined;
    isFirst = false;
    return { answerLost: true };
  };
  let changes = 0;
  await bucket.store.changeReleases('a', (before) => {
    changes += 1;
    return setAlias('p', 1)(before);
  });
  expect(changes).toBe(1);
  expect(await bucket.store.find('a')).toMatchObject({ aliases: { p: { version: 1 } } });
});
