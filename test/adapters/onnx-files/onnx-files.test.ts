import { mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openOnnxModel } from '../../../src/adapters/onnx-files/open-onnx-model.ts';
import { writeOnnxModel } from '../../../src/adapters/onnx-files/write-onnx-model.ts';
import { collectBytes } from '../../../src/graph/collect-bytes.ts';
import { makeTensor } from '../../../src/graph/make-tensor.ts';
import type { OnnxModel } from '../../../src/graph/onnx-model.ts';
import type { StoredBytes } from '../../../src/graph/stored-bytes.ts';
import { buildOnnx, type OnnxTensor } from '../../fakes/onnx-builder.ts';

let folder = '';
let path = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-onnx-'));
  await mkdir(join(folder, 'model'));
  path = join(folder, 'model', 'model.onnx');
});
afterEach(() => rm(folder, { recursive: true }));

const weights = Buffer.alloc(8000, 5);
const modelWith = (data: OnnxTensor['data']) =>
  writeFile(
    path,
    buildOnnx({
      inputs: [],
      outputs: [],
      nodes: [],
      initializers: [{ name: 'w', datatype: 'UINT8', shape: [weights.length], data }],
    }),
  );
const weightsOf = (model: OnnxModel) => collectBytes(model.graph.initializers.get('w')?.data as StoredBytes);

describe('a model on the disk', () => {
  test('is written into one file or two, and over the file that it was read from', async () => {
    await modelWith(weights);
    const model = await openOnnxModel(path);
    expect(await writeOnnxModel(model, path, { externalData: true })).toEqual([`${path}.data`, path]);
    expect(await readFile(`${path}.data`)).toEqual(weights);
    // What it was read from is not there any more.
    await expect(weightsOf(model)).rejects.toThrow(`${path} was changed while it was read`);

    const moved = await openOnnxModel(path);
    expect(Buffer.from(await weightsOf(moved))).toEqual(weights);
    expect(await writeOnnxModel(moved, path)).toEqual([path]);
    expect(Buffer.from(await weightsOf(await openOnnxModel(path)))).toEqual(weights);
  });

  test('leaves nothing of what could not be written', async () => {
    await modelWith(weights);
    const model = await openOnnxModel(path);
    const tensors = [
      [
        {
          length: 3,
          pieces: async function* pieces() {
            yield Uint8Array.of(1, 2);
          },
        },
        'came where',
      ],
      [
        {
          length: 3,
          pieces: async function* pieces() {
            yield Uint8Array.of(1);
            throw new Error('no more');
          },
        },
        'no more',
      ],
    ] as const;
    for (const [data, reason] of tensors) {
      const initializers = new Map([['w', makeTensor('w', 2, [3], data)]]);
      const broken = { ...model, graph: { ...model.graph, initializers } };
      await expect(writeOnnxModel(broken, path)).rejects.toThrow(reason);
    }
    expect(await readdir(join(folder, 'model'))).toEqual(['model.onnx']);
    expect(Buffer.from(await weightsOf(model))).toEqual(weights);
  });

  test('is not read on where its external data was changed', async () => {
    await modelWith({ location: 'w.bin' });
    await writeFile(join(folder, 'model', 'w.bin'), weights);
    const model = await openOnnxModel(path);
    await utimes(join(folder, 'model', 'w.bin'), 1, 1);
    await expect(weightsOf(model)).rejects.toThrow('was changed while it was read');
  });

  test.each([
    '../w.bin',
    '/etc/hosts',
    'deep/../../w.bin',
    '..\\w.bin',
    '',
    '.',
    'link.bin',
    'link/w.bin',
    'deep',
    'none.bin',
  ])('is refused where it names external data %p', async (location) => {
    await modelWith({ location });
    await writeFile(join(folder, 'w.bin'), weights);
    await mkdir(join(folder, 'model', 'deep'));
    await symlink('../w.bin', join(folder, 'model', 'link.bin'));
    await symlink('..', join(folder, 'model', 'link'));
    await expect(openOnnxModel(path)).rejects.toThrow(
      `names external data '${location}': expected a file in the model's own folder`,
    );
  });
});
