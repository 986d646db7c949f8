import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { buildOnnx, type OnnxGraph } from '../fakes/onnx-builder.ts';
import { serviceOver } from '../fakes/service-over.ts';

const floats = (name: string, shape: readonly number[], values: readonly number[]) => ({
  name,
  datatype: 'FP32' as const,
  shape,
  data: new Uint8Array(Float32Array.from(values).buffer),
});

/** 2a − 3b + 1, or what is put in place of 2. */
const line = (slope = 2): OnnxGraph => ({
  inputs: [{ name: 'x', datatype: 'FP32', shape: ['N', 2] }],
  outputs: [{ name: 'y', datatype: 'FP32', shape: ['N', 1] }],
  nodes: [{ op: 'Gemm', inputs: ['x', 'w', 'b'], outputs: ['y'] }],
  initializers: [floats('w', [2, 1], [slope, -3]), floats('b', [1], [1])],
});

/** The same of numbers that it rounds, which has no gradients. */
const rounded: OnnxGraph = {
  ...line(),
  nodes: [
    { op: 'Round', inputs: ['x'], outputs: ['whole'] },
    { op: 'Gemm', inputs: ['whole', 'w', 'b'], outputs: ['y'] },
  ],
};

const folder = await mkdtemp(join(tmpdir(), 'tensorgate-overwritten-'));
const service = serviceOver(folder);
afterAll(() => rm(folder, { recursive: true }));

let seconds = 1_700_000_000;

/** Puts a model file there, later by its time than the last. */
async function put(name: string, graph: OnnxGraph, manifest = '{}') {
  const version = join(folder, name, '1');
  await mkdir(version, { recursive: true });
  await writeFile(join(version, 'manifest.json'), manifest);
  await writeFile(join(version, 'model.onnx'), buildOnnx(graph));
  seconds += 10;
  await utimes(join(version, 'model.onnx'), seconds, seconds);
}

async function post(path: string, body: object) {
  const gone = () => new AbortController().signal;
  const request = { method: 'POST', path, headers: {}, body: Buffer.from(JSON.stringify(body)), requestId: 'r', gone };
  const answer = await service.handle(request);
  return JSON.parse(Buffer.concat(answer.body).toString() || '{}');
}

const inputs = [{ name: 'x', datatype: 'FP32', shape: [1, 2], data: [4, 5] }];
const explain = (model: string, method: string) =>
  post(`/v2/models/${model}/explain`, { inputs, parameters: { method } });
const infer = (model: string) => post(`/v2/models/${model}/infer`, { inputs });
const load = (model: string) => post(`/v2/repository/models/${model}/load`, {});

test('gradients are of the weights that answer, also of a version that was overwritten and loaded', async () => {
  await put('over', line());
  await service.refresh();
  expect(await explain('over', 'integrated-gradients')).toMatchObject({ value: -6 });
  await put('over', line(1000));
  // What is in memory is of the file that was loaded.
  expect(await explain('over', 'integrated-gradients')).toMatchObject({ value: -6 });
  await load('over');
  expect((await infer('over')).outputs[0].data).toEqual([3986]);
  expect(await explain('over', 'kernel-shap')).toMatchObject({ value: 3986 });
  expect(await explain('over', 'integrated-gradients')).toMatchObject({ value: 3986 });
});

test('gradients of files that were overwritten, and not loaded since, are refused', async () => {
  await put('later', line());
  await service.refresh();
  await infer('later');
  await put('later', line(1000));
  expect(await explain('later', 'kernel-shap')).toMatchObject({ value: -6 });
  await expect(explain('later', 'integrated-gradients')).rejects.toMatchObject({
    status: 409,
    field: 'method',
    message:
      "the files of model 'later' version 1 have changed since it was loaded, and its gradients would be of other weights than those that answer: POST /v2/repository/models/later/load takes them in; kernel-shap, lime and occlusion ask what answers",
  });
  await load('later');
  expect(await explain('later', 'integrated-gradients')).toMatchObject({ value: 3986 });
});

test('gradients of a parent are refused once that is another file, also where they were there', async () => {
  await put('parent', line());
  const sha256 = createHash('sha256').update(buildOnnx(line())).digest('hex');
  await put('child', rounded, JSON.stringify({ made: { source: { name: 'parent@1', sha256 } } }));
  await service.refresh();
  const before = await explain('child', 'integrated-gradients');
  expect(before).toMatchObject({ value: -6, gradients: { version: 'parent@1' } });
  await put('parent', line(1000));
  await expect(explain('child', 'integrated-gradients')).rejects.toMatchObject({
    status: 400,
    message: expect.stringMatching(
      /parent@1, which it was made from and whose gradients would be taken, is not the same file any more/,
    ),
  });
  await put('parent', line());
  expect(await explain('child', 'integrated-gradients')).toMatchObject({ value: -6, gradients: before.gradients });
});
