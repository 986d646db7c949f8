import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { buildOnnx, type OnnxGraph } from '../fakes/onnx-builder.ts';
import { serviceOver } from '../fakes/service-over.ts';

/** The tanh of a sum of 20 numbers. */
const graph: OnnxGraph = {
  inputs: [{ name: 'x', datatype: 'FP32', shape: ['N', 20] }],
  outputs: [{ name: 'y', datatype: 'FP32', shape: ['N', 1] }],
  nodes: [
    { op: 'ReduceSum', inputs: ['x', 'axis'], outputs: ['sum'] },
    { op: 'Tanh', inputs: ['sum'], outputs: ['y'] },
  ],
  initializers: [{ name: 'axis', datatype: 'INT64', shape: [1], data: new Uint8Array(BigInt64Array.of(1n).buffer) }],
};

const folder = await mkdtemp(join(tmpdir(), 'tensorgate-ended-'));
await mkdir(join(folder, 'm/1'), { recursive: true });
await writeFile(join(folder, 'm/1/model.onnx'), buildOnnx(graph));
afterAll(() => rm(folder, { recursive: true }));

/** Hears of rows that were run, of one explanation. */
let onEvaluations: (evaluations: number) => void = () => undefined;
let rowsRun = 0;
const service = serviceOver(folder, {
  onRun: (_version, { inputs }) => {
    rowsRun += inputs[0]?.shape[0] ?? 0;
  },
  onEvaluations: (evaluations) => onEvaluations(evaluations),
});
await service.refresh();

const row = { name: 'x', datatype: 'FP32', shape: [1, 20], data: Array.from({ length: 20 }, (_item, at) => at / 100) };

function explain(parameters: object, gone: AbortSignal, headers: Record<string, string> = {}) {
  const body = Buffer.from(JSON.stringify({ inputs: [row], parameters }));
  return service.handle({
    method: 'POST',
    path: '/v2/models/m/explain',
    headers,
    body,
    requestId: 'r',
    gone: () => gone,
  });
}

/** What rows were run until some turns of the event loop later. */
async function rowsLater(): Promise<number> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  return rowsRun;
}

describe.each([
  ['kernel-shap', { samples: 3000 }],
  ['lime', { samples: 3000 }],
  [
    'shapley',
    { max_evaluations: 100_000, baseline: [{ ...row, data: [...row.data.slice(0, 8), ...new Array(12).fill(1)] }] },
  ],
  ['integrated-gradients', { steps: 1000 }],
])('%s ends with its request', (method, more) => {
  test('whose caller leaves in the middle', async () => {
    const controller = new AbortController();
    let heard = 0;
    onEvaluations = (evaluations) => {
      // What a socket tells comes in a turn of its own.
      if (heard < 100 && evaluations >= 100) setImmediate(() => controller.abort());
      heard = evaluations;
    };
    const asked = explain({ method, ...more }, controller.signal);
    await expect(asked).rejects.toMatchObject({ status: 504, message: expect.stringMatching(/its caller left$/) });
    expect(heard).toBeGreaterThanOrEqual(100);
    expect(heard).toBeLessThan(400);
    const [ended, rows] = [heard, rowsRun];
    expect(await rowsLater()).toBe(rows);
    expect(heard).toBe(ended);
  });

  test('whose deadline passes in the middle', async () => {
    const timeoutMs = 500;
    const began = performance.now();
    let heard = 0;
    onEvaluations = (evaluations) => {
      if (heard < 100 && evaluations >= 100) while (performance.now() < began + timeoutMs + 10);
      heard = evaluations;
    };
    const headers = { 'x-request-timeout-ms': String(timeoutMs) };
    const asked = explain({ method, ...more }, new AbortController().signal, headers);
    await expect(asked).rejects.toMatchObject({
      status: 504,
      message: expect.stringMatching(/^the deadline of 500 ms .* passed before the request was answered$/),
    });
    const [ended, rows] = [heard, rowsRun];
    expect(await rowsLater()).toBe(rows);
    expect(heard).toBe(ended);
    expect(heard).toBeLessThan(400);
  });
});
