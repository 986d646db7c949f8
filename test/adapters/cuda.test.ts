import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openSessionWith } from '../../src/adapters/open-session.ts';
import { buildOnnx } from '../fakes/onnx-builder.ts';

// The runtime of onnxruntime-node comes without its CUDA provider: what is tested here is how a GPU that is not there
// is told of.
let folder: string;
let path: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-cuda-'));
  path = join(folder, 'model.onnx');
  await writeFile(
    path,
    buildOnnx({
      inputs: [{ name: 'x', datatype: 'FP32', shape: ['N'] }],
      outputs: [{ name: 'y', datatype: 'FP32', shape: ['N'] }],
      nodes: [{ op: 'Add', inputs: ['x', 'x'], outputs: ['y'] }],
    }),
  );
});
afterAll(() => rm(folder, { recursive: true }));

const cuda = (orCpu: boolean) => ({ intraOpThreads: 1, cuda: { deviceId: 0, memoryBytes: 1e9, orCpu } });

describe.each([
  ['native', /^it is to run on a GPU, and CUDA cannot be used: Failed to load library libonnxruntime_providers_shared/],
  ['binding', /^it is to run on a GPU, and the native engine alone runs models on a GPU/],
] as const)('where there is no GPU, the engine %s', (engine, reason) => {
  test('does not open a model that is for the GPU alone, says why without places of this machine, and what to write', async () => {
    const error: Error = await openSessionWith(engine)(path, cuda(false)).then(
      () => Promise.reject(new Error('it opened')),
      (refusal) => refusal,
    );
    expect(error.message).toMatch(reason);
    expect(error.message).not.toContain('/node_modules/');
    if (engine === 'native') expect(error.message).toContain('["cuda", "cpu"] runs it on the processor');
  });

  test('runs on the processor a model that may, and says why', async () => {
    const session = await openSessionWith(engine)(path, cuda(true));
    const data = new Uint8Array(Float32Array.of(1, 2).buffer);
    const inputs = [{ name: 'x', datatype: 'FP32' as const, shape: [2], data }];
    const [output] = await session.run({ inputs, inputNames: ['x'], outputNames: ['y'] });
    expect(output).toMatchObject({ shape: [2], data: new Uint8Array(Float32Array.of(2, 4).buffer) });
    expect(session.whyNotCuda).toMatch(engine === 'native' ? reason : /native engine alone/);
    expect(session.whyNotCuda).not.toContain('executionProviders');
    await session.release();
  });
});

test('a broken model is told of as such, also where it may run on the processor instead', async () => {
  const broken = join(folder, 'broken.onnx');
  await writeFile(broken, 'no model');
  await expect(openSessionWith('native')(broken, cuda(true))).rejects.toThrow(/Protobuf parsing failed/);
});

test('a session that asks for no GPU says nothing of one', async () => {
  const session = await openSessionWith('native')(path, { intraOpThreads: 1 });
  expect(session.whyNotCuda).toBeUndefined();
  await session.release();
});
