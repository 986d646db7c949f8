import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DirectoryModelStore } from '../../src/adapters/directory-model-store/directory-model-store.ts';
import type { ModelStore } from '../../src/ports/model-store.ts';
import { buildOnnx } from '../fakes/onnx-builder.ts';
import { serviceOver } from '../fakes/service-over.ts';
import { TemporaryS3Store } from './s3-model-store/temporary-s3-store.ts';

const bucket = new TemporaryS3Store();
let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

let writes = 0;
/** Each a second later than the last one: in one tick of the file system's clock two files of one length are the same. */
async function write(path: string, content: Uint8Array): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), content);
  writes += 1;
  await utimes(join(folder, path), writes, writes);
}

const kinds: [string, { open(): ModelStore; write(path: string, content: Uint8Array): Promise<unknown> }][] = [
  ['a directory', { open: () => new DirectoryModelStore(folder), write }],
  ['a bucket', { open: () => bucket.store, write: async (path, content) => bucket.s3.put(`root/${path}`, content) }],
];

/** y = x · factor; of the same length for each factor. */
function scaling(factor: number): Uint8Array {
  return buildOnnx({
    inputs: [{ name: 'x', datatype: 'FP32', shape: ['n'] }],
    outputs: [{ name: 'y', datatype: 'FP32', shape: ['n'] }],
    initializers: [
      { name: 'factor', datatype: 'FP32', shape: [1], data: new Uint8Array(Float32Array.of(factor).buffer) },
    ],
    nodes: [{ op: 'Mul', inputs: ['x', 'factor'], outputs: ['y'] }],
  });
}

describe.each(kinds)('a version overwritten in %s', (_kind, { open, write }) => {
  test('answers as it is there now once a caller had it loaded; where it does not load, as before', async () => {
    await write('m/1/model.onnx', scaling(2));
    const service = serviceOver('', { store: open() });
    await service.refresh();
    const ask = async (path: string, request: object = {}) => {
      const gone = () => new AbortController().signal;
      const body = Buffer.from(JSON.stringify(request));
      const answer = await service.handle({ method: 'POST', path, headers: {}, body, requestId: 'r', gone });
      return JSON.parse(Buffer.concat(answer.body).toString());
    };
    const answered = async () => {
      const inputs = [{ name: 'x', datatype: 'FP32', shape: [1], data: [1] }];
      return (await ask('/v2/models/m/infer', { inputs })).outputs[0].data[0];
    };
    const load = () => ask('/v2/repository/models/m/load');
    const loads = () => service.dataPlane.repository.resolve('m').loads;

    expect(await answered()).toBe(2);
    await load();
    expect(loads()).toBe(1);
    const first = service.dataPlane.repository.resolve('m');

    await write('m/1/model.onnx', scaling(3));
    expect(await answered()).toBe(2);
    await load();
    expect(await answered()).toBe(3);
    expect(first.session).toBeUndefined();

    await write('m/1/model.onnx', scaling(5).subarray(0, 40));
    await expect(load()).rejects.toMatchObject({ status: 503 });
    expect(await answered()).toBe(3);

    await write('m/1/model.onnx', scaling(5));
    await load();
    expect(await answered()).toBe(5);
  });
});
