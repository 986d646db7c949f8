import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { DirectoryModelStore } from '../../../src/adapters/directory-model-store/directory-model-store.ts';
import { readOnnx } from '../../../src/adapters/onnx-files/read-onnx.ts';
import { writePrepared } from '../../../src/adapters/onnx-native/write-prepared.ts';
import { type Engine, openSessionWith } from '../../../src/adapters/open-session.ts';
import { prepareVersion } from '../../../src/adapters/prepared/prepare-version.ts';
import { trialInputs } from '../../../src/core/trial-inputs.ts';
import type { Session } from '../../../src/ports/session.ts';
import { buildOnnx, type OnnxGraph } from '../../fakes/onnx-builder.ts';
import { foldableModel, gatherModel, identityModel, slowModel } from '../models.ts';

jest.setTimeout(60_000);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-prepare-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

const store = () => new DirectoryModelStore(join(folder, 'models'));
async function add(name: string, graph: OnnxGraph): Promise<string> {
  const version = join(folder, 'models', name, '1');
  await mkdir(version, { recursive: true });
  await writeFile(join(version, 'model.onnx'), buildOnnx(graph));
  return join(version, 'model.onnx');
}

/** A small network of convolutions, which this processor wants in a layout of its own. */
function convolutions(channels = 32): OnnxGraph {
  const weight = (name: string, shape: number[]) => {
    const data = Float32Array.from(
      { length: shape.reduce((a, b) => a * b, 1) },
      (_value, i) => ((i * 37) % 101) / 101 - 0.5,
    );
    return { name, datatype: 'FP32' as const, shape, data: new Uint8Array(data.buffer) };
  };
  const attributes = { kernel_shape: [3, 3], pads: [1, 1, 1, 1] };
  return {
    inputs: [{ name: 'x', datatype: 'FP32', shape: ['n', 3, 16, 16] }],
    outputs: [{ name: 'y', datatype: 'FP32' }],
    nodes: [
      { op: 'Conv', inputs: ['x', 'a'], outputs: ['h'], attributes },
      { op: 'Relu', inputs: ['h'], outputs: ['r'] },
      { op: 'Conv', inputs: ['r', 'b'], outputs: ['y'], attributes },
    ],
    initializers: [weight('a', [channels, 3, 3, 3]), weight('b', [channels, channels, 3, 3])],
  };
}

async function answer(session: Session): Promise<readonly unknown[]> {
  try {
    const shapes = session.inputs.map(({ shape }) => shape.map((size) => (size === -1 ? 2 : size)));
    return await session.run({
      inputNames: session.inputs.map(({ name }) => name),
      inputs: trialInputs(session.inputs, shapes, 'random'),
      outputNames: session.outputs.map(({ name }) => name),
    });
  } finally {
    await session.release();
  }
}

describe('a form that the engine wrote', () => {
  test.each<[string, OnnxGraph, Engine]>([
    ['convolutions', convolutions(), 'native'],
    ['convolutions', convolutions(), 'binding'],
    ['products', slowModel(3, 64), 'native'],
    ['a table', gatherModel(), 'native'],
    ['texts', identityModel('BYTES'), 'native'],
  ])('answers as the model does: %s', async (name, graph, engine) => {
    const path = await add(name.replace(' ', '-'), graph);
    const written = await mkdtemp(join(folder, 'written-'));
    await writePrepared(path, written);
    const open = openSessionWith(engine);
    const expected = await answer(await open(path, { intraOpThreads: 1 }));
    const found = await answer(await open(join(written, 'model.onnx'), { intraOpThreads: 1, isPrepared: true }));
    expect(found).toEqual(expected);
  });

  test('has its large weights beside it', async () => {
    const path = await add('mapped', slowModel(2, 512));
    const written = await mkdtemp(join(folder, 'written-'));
    await writePrepared(path, written);
    expect((await stat(join(written, 'weights.bin'))).size).toBeGreaterThanOrEqual(512 * 512 * 4);
    expect((await stat(join(written, 'model.onnx'))).size).toBeLessThan(10_000);
    expect((await readOnnx(join(written, 'model.onnx'))).externalData).toEqual(['weights.bin']);
  });
});

// Elsewhere the system does not tell what is mapped.
(process.platform === 'linux' ? test : test.skip)('the weights of a form that is open are mapped', async () => {
  const written = await mkdtemp(join(folder, 'written-'));
  await writePrepared(await add('convolutions', convolutions(256)), written);
  const session = await openSessionWith('native')(join(written, 'model.onnx'), { intraOpThreads: 1, isPrepared: true });
  const maps = await readFile('/proc/self/maps', 'utf8');
  await session.release();
  expect(maps).toContain(join(written, 'weights.bin'));
  expect(await readFile('/proc/self/maps', 'utf8')).not.toContain(join(written, 'weights.bin'));
});

describe('prepareVersion', () => {
  test('keeps a form that is there sooner, and tells what it won', async () => {
    const path = await add('folded', foldableModel());
    const { figures, ...told } = await prepareVersion(store(), 'folded', 1);
    expect(told).toEqual({ model: 'folded', version: 1, whyNot: '' });
    expect(figures?.plain.bytes).toBe((await stat(path)).size);
    expect(figures?.prepared.loadMs).toBeLessThan(figures?.plain.loadMs as number);
    const form = await store().fetchPrepared('folded', 1);
    if (!('answer' in form)) throw new Error(form.whyNot);
    expect(form.operators).toEqual(['Add']);
    expect(form.answer).toMatchObject({ values: 'random', inputs: [{ name: 'x', shape: [1, 4096] }] });
    expect(form.answer.outputs[0]?.elements).toHaveLength(1024);
    expect((await readOnnx(form.path)).operators).toEqual({ Add: 1 });
  });

  test('takes the answer to zeros where a model refuses other values', async () => {
    const graph = foldableModel();
    const table = { name: 't', datatype: 'FP32' as const, shape: [1], data: new Uint8Array(4) };
    const places = { name: 'p', datatype: 'INT64' as const, shape: [64] };
    await add('places', {
      ...graph,
      inputs: [...graph.inputs, places],
      outputs: [...graph.outputs, { name: 'v', datatype: 'FP32', shape: [64] }],
      nodes: [...graph.nodes, { op: 'Gather', inputs: ['t', 'p'], outputs: ['v'] }],
      initializers: [...(graph.initializers ?? []), table],
    });
    expect(await prepareVersion(store(), 'places', 1)).toMatchObject({ whyNot: '' });
    expect(await store().fetchPrepared('places', 1)).toMatchObject({ answer: { values: 'zeros' } });
  });

  test.each<[string, OnnxGraph, string]>([
    [
      'answers something else each time',
      {
        inputs: [{ name: 'x', datatype: 'FP32', shape: [64] }],
        outputs: [{ name: 'y', datatype: 'FP32', shape: [64] }],
        nodes: [{ op: 'RandomUniformLike', inputs: ['x'], outputs: ['y'] }],
      },
      'the model answers something else each time',
    ],
    [
      'refuses the shapes of a warm-up',
      {
        inputs: [{ name: 'x', datatype: 'FP32', shape: ['n'] }],
        outputs: [{ name: 'y', datatype: 'FP32' }],
        nodes: [{ op: 'Reshape', inputs: ['x', 's'], outputs: ['y'] }],
        initializers: [
          { name: 's', datatype: 'INT64', shape: [2], data: new Uint8Array(BigInt64Array.of(-1n, 4n).buffer) },
        ],
      },
      'the model failed on these inputs',
    ],
  ])('notes why a model that %s has none', async (_how, graph, why) => {
    const path = await add('odd', graph);
    expect((await prepareVersion(store(), 'odd', 1)).whyNot).toContain(why);
    expect(await store().fetchPrepared('odd', 1)).toEqual({ whyNot: expect.stringContaining(why), wasTried: true });
    const [form = ''] = await readdir(join(path, '../.prepared'));
    expect(await readdir(join(path, '../.prepared', form))).toEqual(['answer.json']);
    expect(await readFile(join(path, '../.prepared', form, 'answer.json'), 'utf8')).not.toContain(folder);
  });

  test('rejects where there is no such version, or it does not load', async () => {
    await expect(prepareVersion(store(), 'none', 1)).rejects.toMatchObject({ status: 404 });
    await add('broken', { ...identityModel('FP32'), nodes: [{ op: 'NoSuch', inputs: ['x'], outputs: ['y'] }] });
    await expect(prepareVersion(store(), 'broken', 1)).rejects.toThrow('NoSuch');
    expect(await readdir(join(folder, 'models/broken/1'))).toEqual(['model.onnx']);
  });
});
