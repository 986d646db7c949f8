import { mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { beforeEach, expect, test } from '@jest/globals';
import { buildOnnx } from '../../fakes/onnx-builder.ts';
import { TemporaryStore } from './temporary-store.ts';

const here = new TemporaryStore();
const empty = { inputs: [], outputs: [], nodes: [] };
let model = '';
beforeEach(async () => {
  model = await here.write(here.outside('model.onnx'), buildOnnx(empty));
});

function put(version: number, files: Record<string, string> = { 'model.onnx': model }, name = 'a') {
  return here.store.put(name, version, new Map(Object.entries(files)));
}

test('put stores a version with its files, and nothing else beside', async () => {
  const words = await here.write(here.outside('words'), 'x\n');
  await put(2, { 'model.onnx': model, 'labels.txt': words, 'deep/er.bin': words });
  expect(await here.store.find('a')).toMatchObject({ versions: [2] });
  expect(await here.store.readText('a', 2, 'labels.txt')).toBe('x\n');
  expect(await readdir(here.inside('a'), { recursive: true })).toHaveLength(5);
});

test('a version is never overwritten', async () => {
  await put(1);
  const other = await here.write(here.outside('other'), buildOnnx({ ...empty, opset: 18 }));
  await expect(put(1, { 'model.onnx': other })).rejects.toMatchObject({
    status: 409,
    message: "model 'a' version 1 exists already; versions are never overwritten",
  });
  expect(await readFile(here.inside('a/1/model.onnx'))).toEqual(await readFile(model));
});

test('a folder that another still fills is not taken over', async () => {
  await mkdir(here.inside('a/1'), { recursive: true });
  await expect(put(1)).rejects.toMatchObject({ status: 409 });
  expect(await readdir(here.inside('a/1'))).toEqual([]);
});

test('of callers that store one version at once, one wins, with its own files', async () => {
  const callers = await Promise.all(
    [...Array(8).keys()].map(async (i) => ({
      'model.onnx': model,
      'one.txt': await here.write(here.outside(`${i}`), String(i)),
      'two.txt': here.outside(`${i}`),
    })),
  );
  const results = await Promise.allSettled(callers.map((files) => put(1, files)));
  const winner = results.findIndex(({ status }) => status === 'fulfilled');
  const losers = results.filter((result) => result.status === 'rejected');
  expect(losers.map(({ reason }) => reason.status)).toEqual(Array(7).fill(409));
  expect(await here.store.readText('a', 1, 'one.txt')).toBe(String(winner));
  expect(await here.store.readText('a', 1, 'two.txt')).toBe(String(winner));
  expect(await readdir(here.inside('a'))).toEqual(['1']);
});

test('a file that cannot be read leaves nothing behind', async () => {
  await expect(put(1, { 'model.onnx': model, 'labels.txt': here.outside('none') })).rejects.toThrow('ENOENT');
  expect(await readdir(here.inside('a'))).toEqual([]);
});

test.each(['../x', '/tmp/tensorgate-x', '', '.', 'deep/../../x'])(
  'a file %p does not leave the folder',
  async (file) => {
    await expect(put(1, { 'model.onnx': model, [file]: model })).rejects.toMatchObject({
      status: 400,
      message: `file '${file}' would leave the version's folder`,
    });
    expect(await readdir(here.inside('a'))).toEqual([]);
  },
);

test.each([0, -1, 1.5, Number.NaN, 2 ** 53])('version %p is refused', async (version) => {
  await expect(put(version)).rejects.toMatchObject({
    status: 400,
    message: `model 'a': expected a version from 1 on, got ${version}`,
  });
});

test.each(['..', '../b', '.a', ''])('the name %p is refused', async (name) => {
  await expect(put(1, { 'model.onnx': model }, name)).rejects.toMatchObject({
    status: 400,
    message: `'${name}' is no model name: expected letters, digits, '.', '_' and '-', 128 at most`,
  });
});

test('a version needs its model', async () => {
  const message = "model 'a' version 1: expected a file 'model.onnx', got";
  await expect(put(1, { 'labels.txt': model })).rejects.toMatchObject({
    status: 400,
    message: `${message} labels.txt`,
  });
  await expect(put(1, {})).rejects.toMatchObject({ status: 400, message: `${message} none` });
});

test('a model without its external data is refused before it is stored', async () => {
  const data = { location: 'w.bin' };
  const bytes = buildOnnx({ ...empty, initializers: [{ name: 'w', datatype: 'FP32', shape: [1], data }] });
  const source = await here.write(here.outside('external.onnx'), bytes);
  await expect(put(1, { 'model.onnx': source })).rejects.toMatchObject({ status: 400 });
  expect(await readdir(here.inside('a'))).toEqual([]);
  await put(1, { 'model.onnx': source, 'w.bin': model });
  expect(await here.store.find('a')).toMatchObject({ versions: [1] });
});

test('nothing is stored through a link out of the repository', async () => {
  await symlink(here.outside(), here.inside('a'));
  await expect(put(1)).rejects.toMatchObject({ status: 400 });
  expect(await readdir(here.outside())).toEqual(['model.onnx']);
});
