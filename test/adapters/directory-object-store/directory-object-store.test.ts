import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { DirectoryObjectStore } from '../../../src/adapters/directory-object-store/directory-object-store.ts';

const module = resolve('src/adapters/directory-object-store/directory-object-store.ts');
let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'tensorgate-objects-'));
});
afterEach(() => rm(root, { recursive: true }));

async function* pieces(...texts: readonly string[]) {
  for (const text of texts) yield Buffer.from(text);
}

async function text(store: DirectoryObjectStore, key: string, start?: number, end?: number): Promise<string> {
  const file = await store.find(key);
  if (!file) throw new Error(`there is no ${key}`);
  const chunks: Uint8Array[] = [];
  for await (const piece of store.read(file, start, end)) chunks.push(piece);
  return Buffer.concat(chunks).toString();
}

test('a file is created whole, once; of two, one stays', async () => {
  const store = new DirectoryObjectStore(root);
  const [one, two] = await Promise.all([store.create('a/b', pieces('on', 'e')), store.create('a/b', pieces('two'))]);
  expect([one.isNew, two.isNew].sort()).toEqual([false, true]);
  expect(one.checksum).toBe(two.checksum);
  expect(['one', 'two']).toContain(await text(store, 'a/b'));
  expect((await store.list('')).map(({ key }) => key)).toEqual(['a/b']);
});

test('a file takes the place of another, and nothing else is left', async () => {
  const store = new DirectoryObjectStore(root);
  await store.replace('a/b', Buffer.from('one'));
  await store.replace('a/b', Buffer.from('two, longer'));
  expect(await text(store, 'a/b')).toBe('two, longer');
  expect((await readdir(root, { recursive: true })).sort()).toEqual(['a', join('a', 'b')]);
});

test('a body that fails leaves nothing', async () => {
  const store = new DirectoryObjectStore(root);
  const broken = async function* () {
    yield* pieces('half');
    throw new Error('cut off');
  };
  await expect(store.create('a', broken())).rejects.toThrow('cut off');
  expect(await store.list('')).toEqual([]);
  expect(await readdir(root)).toEqual([]);
});

test('what is not whole is in no listing, and gone when the process exits', async () => {
  const code = `
    import { DirectoryObjectStore } from ${JSON.stringify(module)};
    const store = new DirectoryObjectStore(${JSON.stringify(root)});
    const half = async function* () {
      yield Buffer.from('half');
      console.log((await store.list('')).length);
      process.exit(3);
    };
    await store.create('a', half());`;
  const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
  expect([status, stdout.trim()]).toEqual([3, '0']);
  expect(await readdir(root, { recursive: true })).toEqual(['.work']);
});

test('what a killed process left goes when another one begins; what one still writes stays', async () => {
  const gone = spawnSync(process.execPath, ['-e', '']).pid;
  await mkdir(join(root, '.work'));
  const [left, written] = [gone, process.pid].map((pid) => `.${hostname()}~${pid}~x`) as [string, string];
  for (const name of [left, written]) await writeFile(join(root, '.work', name), 'half');
  await new DirectoryObjectStore(root).create('a', pieces('a'));
  expect(await readdir(join(root, '.work'))).toEqual([written]);
  expect((await new DirectoryObjectStore(root).list('')).map(({ key }) => key)).toEqual(['a']);
});

test('stores that write and remove at once take no folder from under each other', async () => {
  const stores = [new DirectoryObjectStore(root), new DirectoryObjectStore(root)];
  const work = stores.flatMap((store, place) =>
    Array.from({ length: 8 }, async (_each, worker) => {
      for (let turn = 0; turn < 25; turn += 1) {
        const key = `a/${place}-${worker}`;
        expect(await store.create(key, pieces(key))).toMatchObject({ isNew: true });
        await store.remove(key);
      }
    }),
  );
  await Promise.all(work);
  expect(await readdir(root)).toEqual([]);
});

test('a folder goes with its last file', async () => {
  const store = new DirectoryObjectStore(root);
  for (const key of ['a/b/c', 'a/d']) await store.create(key, pieces(key));
  await store.remove('a/b/c');
  expect((await readdir(root, { recursive: true })).sort()).toEqual(['a', 'a/d']);
  await store.remove('a/d');
  expect(await readdir(root)).toEqual([]);
});

test('parts are read; a file that changed is not', async () => {
  const store = new DirectoryObjectStore(root);
  await store.create('a', pieces('hello'));
  expect(await text(store, 'a', 1, 3)).toBe('el');
  const before = await store.find('a');
  await writeFile(join(root, 'a'), 'other!');
  if (!before) throw new Error('it was there');
  await expect(store.read(before)[Symbol.asyncIterator]().next()).rejects.toThrow(
    'another file than when the job began',
  );
});

test('keys do not lead out', async () => {
  const store = new DirectoryObjectStore(root);
  await expect(store.find('../x')).rejects.toThrow('leads out of the directory');
  await expect(store.create('../x', pieces('x'))).rejects.toThrow('leads out of the directory');
});
