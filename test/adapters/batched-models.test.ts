import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Service } from '../../src/adapters/create-service.ts';
import { buildOnnx, type OnnxGraph, type OnnxTensor } from '../fakes/onnx-builder.ts';
import { serviceOver } from '../fakes/service-over.ts';
import { slowModel } from './models.ts';

let folder: string;
let service: Service;
const problems: string[] = [];

const whole = (name: string, values: readonly number[], shape = [values.length]): OnnxTensor => ({
  name,
  datatype: 'INT64',
  shape,
  data: new Uint8Array(BigInt64Array.from(values, BigInt).buffer),
});

/** Of each text, the sum over its tokens that are no padding (`sum`), and each token and its place (`placed`). */
function textModel(): OnnxGraph {
  const value = (name: string) => ({ name, datatype: 'INT64' as const, shape: ['texts', 'tokens'] });
  return {
    inputs: [value('ids'), value('mask')],
    outputs: [
      { name: 'sum', datatype: 'INT64', shape: ['texts'] },
      { name: 'placed', datatype: 'INT64', shape: ['texts', 'tokens'] },
    ],
    initializers: [whole('axis', [1]), whole('zero', [0], []), whole('one', [1], [])],
    nodes: [
      { op: 'Mul', inputs: ['ids', 'mask'], outputs: ['seen'] },
      { op: 'ReduceSum', inputs: ['seen', 'axis'], outputs: ['sum'], attributes: { keepdims: 0 } },
      { op: 'Shape', inputs: ['ids'], outputs: ['shape'] },
      { op: 'Gather', inputs: ['shape', 'one'], outputs: ['length'] },
      { op: 'Range', inputs: ['zero', 'length', 'one'], outputs: ['places'] },
      { op: 'Add', inputs: ['ids', 'places'], outputs: ['placed'] },
    ],
  };
}

/** What it is given, by a shape whose length nobody can tell beforehand. */
function shapelessRows(): OnnxGraph {
  return {
    inputs: [{ name: 'x', datatype: 'INT64', shape: ['rows', 2] }],
    outputs: [{ name: 'y', datatype: 'INT64' }],
    initializers: [whole('below', [-1])],
    nodes: [
      { op: 'Shape', inputs: ['x'], outputs: ['sizes'] },
      { op: 'Greater', inputs: ['sizes', 'below'], outputs: ['are'] },
      { op: 'Compress', inputs: ['sizes', 'are'], outputs: ['shape'], attributes: { axis: 0 } },
      { op: 'Reshape', inputs: ['x', 'shape'], outputs: ['y'] },
    ],
  };
}

/** Counts down from what it is given, to 0 or -1; from below 0 it does so for ever. */
function loopModel(): OnnxGraph {
  const value = (name: string) => ({ name, datatype: 'INT64' as const, shape: [1] });
  const truth = (name: string) => ({ name, datatype: 'BOOL' as const, shape: [] });
  const body: OnnxGraph = {
    inputs: [{ name: 'turn', datatype: 'INT64', shape: [] }, truth('before'), value('from')],
    outputs: [truth('goesOn'), value('left')],
    initializers: [whole('step', [1]), whole('none', [0]), whole('below', [-1])],
    nodes: [
      { op: 'Sub', inputs: ['from', 'step'], outputs: ['left'] },
      { op: 'Greater', inputs: ['left', 'none'], outputs: ['isAbove'] },
      { op: 'Less', inputs: ['left', 'below'], outputs: ['isBelow'] },
      { op: 'Or', inputs: ['isAbove', 'isBelow'], outputs: ['goes'] },
      { op: 'Squeeze', inputs: ['goes'], outputs: ['goesOn'] },
    ],
  };
  return {
    inputs: [value('x')],
    outputs: [value('y')],
    initializers: [
      { name: 'start', datatype: 'BOOL', shape: [], data: Uint8Array.of(1) },
      whole('most', [2 ** 53], []),
    ],
    nodes: [{ op: 'Loop', inputs: ['most', 'start', 'x'], outputs: ['y'], attributes: { body: { graph: body } } }],
  };
}

function store(name: string, graph: OnnxGraph, settings?: object): void {
  mkdirSync(join(folder, name, '1'), { recursive: true });
  writeFileSync(join(folder, name, '1/model.onnx'), buildOnnx(graph));
  if (settings) writeFileSync(join(folder, name, 'model.json'), JSON.stringify(settings));
}

const inputs = { ids: { axis: 1, value: 7 }, mask: { axis: 1 } };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tensorgate-batched-'));
  store('text', textModel(), { batching: { padding: { inputs, outputs: { placed: { axis: 1, input: 'ids' } } } } });
  store('apart', textModel(), { batching: { mode: 'off' } });
  store('shapeless', shapelessRows(), { batching: { rowsApart: true } });
  store('slow', slowModel(20, 640), { queue: { maxSize: 2 }, runsAtOnce: 1 });
  store('loop', loopModel(), { runTimeoutMs: 300 });
  store('asks', loopModel(), { batching: { mode: 'on' } });
  service = serviceOver(folder, {
    log: { info: () => undefined, warn: () => undefined, error: (_fields, message) => void problems.push(message) },
  });
  await service.refresh();
});
afterAll(async () => {
  await service.releaseIdle(() => false);
  rmSync(folder, { recursive: true });
});

async function ask(method: 'GET' | 'POST', path: string, body?: object) {
  const bytes = body === undefined ? new Uint8Array(0) : Buffer.from(JSON.stringify(body));
  const gone = () => new AbortController().signal;
  const { body: answer } = await service.handle({ method, path, headers: {}, body: bytes, requestId: 'r', gone });
  return JSON.parse(Buffer.concat(answer).toString());
}

const infer = (model: string, named: Readonly<Record<string, readonly number[]>>, datatype = 'INT64', more = {}) =>
  ask('POST', `/v2/models/${model}/infer`, {
    ...more,
    inputs: Object.entries(named).map(([name, data]) => ({
      name,
      datatype,
      shape: model === 'loop' ? [data.length] : [1, data.length],
      data,
    })),
  });

describe('padded requests', () => {
  const texts = Array.from({ length: 12 }, (_item, text) =>
    Array.from({ length: 8 + (text % 3) }, (_token, place) => text * 10 + place),
  );

  test('share runs, and are answered as if each were alone', async () => {
    const one = (ids: readonly number[]) => infer('text', { ids, mask: ids.map(() => 1) });
    const alone = [];
    for (const ids of texts) alone.push(await one(ids));
    const together = await Promise.all(texts.map(one));
    expect(together).toEqual(alone);
    const { batches } = await ask('GET', '/v2/models/text/batches');
    expect(batches[0]).toEqual({
      model_version: '1',
      began: expect.stringMatching(/Z$/),
      requests: expect.any(Number),
      rows: expect.any(Number),
      longest_wait_ms: expect.any(Number),
      run_ms: expect.any(Number),
      left_waiting: expect.any(Number),
      released: expect.any(String),
      closed: expect.any(String),
      outcome: 'answered',
    });
    const rows = batches.reduce((sum: number, batch: { rows: number }) => sum + batch.rows, 0);
    expect(rows).toBe(2 * texts.length);
    expect(batches.length).toBeLessThan(2 * texts.length);
    expect(await ask('GET', '/v2/models/text/versions/1/batches')).toEqual({ batches });
  });

  test('are counted: rows as inferences, runs as executions, each size by itself', async () => {
    const { model_stats } = await ask('GET', '/v2/models/text/stats');
    const { inference_count, execution_count, batch_stats } = model_stats[0];
    expect(inference_count).toBe(2 * texts.length);
    const sizes: [size: number, runs: number][] = batch_stats.map(
      (batch: { batch_size: number; compute_infer: { count: number } }) => [
        batch.batch_size,
        batch.compute_infer.count,
      ],
    );
    expect(sizes.reduce((sum, [size, runs]) => sum + size * runs, 0)).toBe(inference_count);
    expect(sizes.reduce((sum, [, runs]) => sum + runs, 0)).toBe(execution_count);
  });
});

describe('rows are counted alike among inferences, by runs and by the last runs', () => {
  const ofRows = (model: string, names: readonly string[]) => (rows: number) =>
    ask('POST', `/v2/models/${model}/infer`, {
      inputs: names.map((name) => ({ name, datatype: 'INT64', shape: [rows, 2], data: Array(2 * rows).fill(1) })),
    });

  test.each([
    ['where runs are not shared', 'apart', ['ids', 'mask']],
    ['where runs are shared, also of no rows', 'text', ['ids', 'mask']],
    ['of a model that says nothing of the shape of its output', 'shapeless', ['x']],
  ])('%s', async (_case, model, names) => {
    const infer = ofRows(model, names);
    for (const rows of [3, 0, 2]) await infer(rows);
    const { batches } = await ask('GET', `/v2/models/${model}/batches`);
    expect(batches.slice(0, 3).map(({ rows }: { rows: number }) => rows)).toEqual([2, 0, 3]);
    const { model_stats } = await ask('GET', `/v2/models/${model}/stats`);
    const { inference_count, batch_stats } = model_stats[0];
    const rowsOf = ({ batch_size, compute_infer }: { batch_size: number; compute_infer: { count: number } }) =>
      batch_size * compute_infer.count;
    expect(batch_stats.map(rowsOf).reduce((sum: number, rows: number) => sum + rows)).toBe(inference_count);
  });
});

describe('what a model says of sharing runs', () => {
  test('is on, with what Triton would say of it', async () => {
    expect(await ask('GET', '/v2/models/slow')).toMatchObject({ parameters: { batching: 'on' } });
    expect(await ask('GET', '/v2/models/slow/config')).toMatchObject({
      max_batch_size: 64,
      input: [{ name: 'x', dims: [640] }],
      instance_group: [{ count: 1 }],
      dynamic_batching: { max_queue_delay_microseconds: 0, default_queue_policy: { max_queue_size: 2 } },
      parameters: { batching: { string_value: 'on' } },
    });
  });

  test('is off, and why', async () => {
    const why = "off: dimension 0 of input 'x' is fixed at 1";
    expect(await ask('GET', '/v2/models/loop')).toMatchObject({ parameters: { batching: why } });
    const config = await ask('GET', '/v2/models/loop/config');
    expect(config).toMatchObject({ max_batch_size: 0, parameters: { batching: { string_value: why } } });
    expect(config).not.toHaveProperty('dynamic_batching');
  });

  test('is a problem where its settings ask for what cannot be', async () => {
    const reason =
      "model.json asks for batching, which cannot be: dimension 0 of input 'x' is fixed at 1; without batching in it the model serves";
    await expect(infer('asks', { x: [1] })).rejects.toMatchObject({
      status: 503,
      message: `model 'asks' version 1 could not be loaded: ${reason}`,
    });
    const index = await ask('POST', '/v2/repository/index', {});
    expect(index).toContainEqual({ name: 'asks', version: '1', state: 'UNAVAILABLE', reason });
  });
});

test('past the queue’s limit callers are refused at once, and the rest are answered', async () => {
  const x = Array.from({ length: 640 }, (_item, index) => index);
  const answers = await Promise.allSettled(Array.from({ length: 12 }, () => infer('slow', { x }, 'FP32')));
  const refused = answers.filter(({ status }) => status === 'rejected');
  expect(refused.length).toBeGreaterThan(0);
  for (const { reason } of refused as PromiseRejectedResult[]) {
    expect(reason).toMatchObject({ status: 503, retryAfterSeconds: 1 });
  }
  expect(answers.length - refused.length).toBeGreaterThanOrEqual(2);
});

test('a run that makes no progress is ended; the model goes on', async () => {
  expect((await infer('loop', { x: [3] })).outputs[0].data).toEqual([0]);
  await expect(infer('loop', { x: [-1] })).rejects.toMatchObject({
    status: 504,
    message: expect.stringMatching(/^a run of model 'loop' version 1 made no progress in 300 ms/),
  });
  expect(problems).toContainEqual("a run of model 'loop' version 1 made no progress in 300 ms, and was given up");
  expect((await infer('loop', { x: [2] })).outputs[0].data).toEqual([0]);
  // Once the run has ended, some milliseconds after it was told to.
  const isReady = () => ask('GET', '/v2/models/loop/ready').catch(() => undefined);
  for (const end = Date.now() + 5000; !(await isReady()) && Date.now() < end; ) await sleep(10);
  expect(await isReady()).toEqual({ name: 'loop', ready: true });
});

test('a priority that is none is refused', async () => {
  const parameters = { priority: -1 };
  await expect(infer('loop', { x: [1] }, 'INT64', { parameters })).rejects.toMatchObject({
    status: 400,
    message: "parameter 'priority': expected a whole number, 1 being the highest, got -1",
  });
});
