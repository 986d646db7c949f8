import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Service } from '../../src/adapters/create-service.ts';
import type { InferenceContext } from '../../src/core/inference-context.ts';
import type { FixedTensor } from '../../src/protocol/tensor.ts';
import { floatTensor } from '../fakes/float-tensor.ts';
import { buildOnnx, type OnnxNode } from '../fakes/onnx-builder.ts';
import { serviceOver } from '../fakes/service-over.ts';

const size = 16;
const callers = 40;
const wide = 512;
const products = 60;
let folder: string;
let service: Service;

/** y = x·w·w…, each time the numbers of a row in another order: exact, however many rows share a run, and long. */
function longModel(): Uint8Array {
  const weights = new Float32Array(wide * wide);
  for (let row = 0; row < wide; row += 1) weights[row * wide + ((row * 5 + 3) % wide)] = 1;
  const w = { name: 'w', datatype: 'FP32' as const, shape: [wide, wide], data: new Uint8Array(weights.buffer) };
  const value = (name: string) => ({ name, datatype: 'FP32' as const, shape: ['n', wide] });
  const nodes: OnnxNode[] = Array.from({ length: products }, (_item, index) => ({
    op: 'MatMul',
    inputs: [index === 0 ? 'x' : `h${index}`, 'w'],
    outputs: [index === products - 1 ? 'y' : `h${index + 1}`],
  }));
  return buildOnnx({ inputs: [value('x')], outputs: [value('y')], nodes, initializers: [w] });
}

/** y = x·w, through ReduceMax over all rows where it is to mix them. */
function model(mixes: boolean): Uint8Array {
  const weights = Float32Array.from({ length: size * size }, (_item, index) => ((index * 37) % 19) - 9);
  const w = { name: 'w', datatype: 'FP32' as const, shape: [size, size], data: new Uint8Array(weights.buffer) };
  const value = (name: string) => ({ name, datatype: 'FP32' as const, shape: ['n', size] });
  const nodes: OnnxNode[] = mixes
    ? [
        { op: 'ReduceMax', inputs: ['x'], outputs: ['m'], attributes: { keepdims: 1 } },
        { op: 'Add', inputs: ['x', 'm'], outputs: ['y'] },
      ]
    : [{ op: 'MatMul', inputs: ['x', 'w'], outputs: ['y'] }];
  return buildOnnx({ inputs: [value('x')], outputs: [value('y')], nodes, initializers: [w] });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tensorgate-joined-'));
  for (const name of ['apart', 'mixing']) {
    mkdirSync(join(folder, name, '1'), { recursive: true });
    writeFileSync(join(folder, name, '1/model.onnx'), model(name === 'mixing'));
  }
  mkdirSync(join(folder, 'long', '1'), { recursive: true });
  writeFileSync(join(folder, 'long', '1/model.onnx'), longModel());
  service = serviceOver(folder);
  await service.refresh();
});
afterAll(async () => {
  await service.releaseIdle(() => false);
  rmSync(folder, { recursive: true });
});

const context: () => InferenceContext = () => ({
  times: { inputMs: 0, loadMs: 0, queueMs: 0, inferMs: 0, outputMs: 0 },
  checkDeadline: () => undefined,
  signal: () => AbortSignal.timeout(10_000),
  checkOutput: () => undefined,
});

async function ask(name: string, seed: number): Promise<number[]> {
  const rows = 1 + (seed % 3);
  const width = name === 'long' ? wide : size;
  const values = Array.from({ length: rows * width }, (_item, index) => ((seed * 7 + index * 3) % 11) - 5);
  const version = service.dataPlane.repository.resolve(name);
  const inputs = [{ name: 'x', ...floatTensor([rows, width], values) }];
  const { outputs } = await service.dataPlane.infer(version, { parameters: {}, inputs }, context());
  const y = outputs[0] as FixedTensor;
  expect(y.shape).toEqual([rows, width]);
  return [...new Float32Array(y.data.slice().buffer)];
}

function executions(name: string): number {
  return Number(service.dataPlane.repository.resolve(name).statistics.toJSON().execution_count);
}

test.each([
  ['apart', 2, callers / 2],
  ['mixing', callers, callers],
])(
  'of a model whose rows are %s, %i to %i runs answer all callers at once, each as if it were alone',
  async (name, least, most) => {
    const alone: number[][] = [];
    for (let seed = 0; seed < callers; seed += 1) alone.push(await ask(name, seed));
    const before = executions(name);
    const together = await Promise.all(Array.from({ length: callers }, (_item, seed) => ask(name, seed)));
    expect(together).toEqual(alone);
    // 79 rows in all: of those that are apart, at most 64 share a run, and fewer where a busy machine spreads the
    // callers.
    const runs = executions(name) - before;
    expect(runs).toBeGreaterThanOrEqual(least);
    expect(runs).toBeLessThanOrEqual(most);
  },
);

test('of a model whose runs are long, what waits while runs are under way shares the next', async () => {
  const alone: number[][] = [];
  for (let seed = 0; seed < callers; seed += 1) alone.push(await ask('long', seed));
  const before = executions('long');
  const together = await Promise.all(Array.from({ length: callers }, (_item, seed) => ask('long', seed)));
  expect(together).toEqual(alone);
  expect(executions('long') - before).toBeLessThan(callers / 2);
});
