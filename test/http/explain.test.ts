import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Service } from '../../src/adapters/create-service.ts';
import { openPictureEncoder } from '../../src/adapters/file-decoding/open-picture-encoder.ts';
import { methods } from '../../src/core/explain/methods.ts';
import { seededRandom } from '../../src/core/seeded-random.ts';
import { readModel } from '../../src/graph/read-model.ts';
import { ServiceError } from '../../src/protocol/service-error.ts';
import explained from '../core/explain/explained.json' with { type: 'json' };
import { bytesAccess } from '../fakes/bytes-access.ts';
import { buildOnnx, type OnnxGraph } from '../fakes/onnx-builder.ts';
import { rankCorrelation } from '../fakes/rank-correlation.ts';
import { sampleModels } from '../fakes/sample-models.ts';
import { serviceOver } from '../fakes/service-over.ts';
import { wavFile } from '../fakes/wav-file.ts';
import { wordTokenizer } from '../fakes/word-tokenizer.ts';
import { OpenModel } from '../graph/gradient/open-model.ts';
import { cnn } from '../graph/gradient/small-models.ts';
import { tensorOf, valuesOf } from '../graph/gradient/tensors.ts';

const floats = (name: string, shape: readonly number[], values: readonly number[]) => ({
  name,
  datatype: 'FP32' as const,
  shape,
  data: new Uint8Array(Float32Array.from(values).buffer),
});

/** 2a − 3b + 1. */
const line: OnnxGraph = {
  inputs: [{ name: 'x', datatype: 'FP32', shape: ['N', 2] }],
  outputs: [{ name: 'y', datatype: 'FP32', shape: ['N', 1] }],
  nodes: [{ op: 'Gemm', inputs: ['x', 'w', 'b'], outputs: ['y'] }],
  initializers: [floats('w', [2, 1], [2, -3]), floats('b', [1], [1])],
};

/** Scores of two classes by the mean vector of the tokens of a text, no sum of what the tokens say. */
const words: OnnxGraph = {
  inputs: [{ name: 'input_ids', datatype: 'INT64', shape: ['N', 'T'] }],
  outputs: [{ name: 'logits', datatype: 'FP32', shape: ['N', 2] }],
  nodes: [
    { op: 'Gather', inputs: ['table', 'input_ids'], outputs: ['vectors'] },
    { op: 'ReduceMean', inputs: ['vectors'], outputs: ['mean'], attributes: { axes: [1], keepdims: 0 } },
    { op: 'Tanh', inputs: ['mean'], outputs: ['bent'] },
    { op: 'MatMul', inputs: ['bent', 'w'], outputs: ['logits'] },
  ],
  initializers: [
    // The tokens <unk>, <s>, </s>, a and b.
    floats('table', [5, 2], [0, 0, 0.1, 0.2, 0.3, -0.1, 2, 0.5, -1, 1.5]),
    floats('w', [2, 2], [1, -1, 0.5, 2]),
  ],
};

/** How loud a sound is. */
const loudness: OnnxGraph = {
  inputs: [{ name: 'x', datatype: 'FP32', shape: ['N', 'S'] }],
  outputs: [{ name: 'y', datatype: 'FP32', shape: ['N', 1] }],
  nodes: [
    { op: 'Abs', inputs: ['x'], outputs: ['levels'] },
    { op: 'ReduceSum', inputs: ['levels', 'axis'], outputs: ['y'] },
  ],
  initializers: [{ name: 'axis', datatype: 'INT64', shape: [1], data: new Uint8Array(BigInt64Array.of(1n).buffer) }],
};

/** How loud the pieces of a sound were so far. */
const speech: OnnxGraph = {
  inputs: [
    { name: 'x', datatype: 'FP32', shape: [1, 160] },
    { name: 'state', datatype: 'FP32', shape: [1, 1] },
  ],
  outputs: [
    { name: 'y', datatype: 'FP32', shape: [1, 1] },
    { name: 'stateN', datatype: 'FP32', shape: [1, 1] },
  ],
  nodes: [
    { op: 'ReduceSum', inputs: ['x', 'axis'], outputs: ['level'] },
    { op: 'Add', inputs: ['level', 'state'], outputs: ['y'] },
    { op: 'Identity', inputs: ['y'], outputs: ['stateN'] },
  ],
  initializers: loudness.initializers ?? [],
};

/** As many texts as there are. */
const text: OnnxGraph = {
  inputs: [{ name: 'text', datatype: 'BYTES', shape: ['N', 1] }],
  outputs: [{ name: 'y', datatype: 'FP32', shape: [2] }],
  nodes: [
    { op: 'Shape', inputs: ['text'], outputs: ['shape'] },
    { op: 'Cast', inputs: ['shape'], outputs: ['y'], attributes: { to: 1 } },
  ],
};

/** The sum of 1,100 numbers. */
const long: OnnxGraph = {
  ...loudness,
  inputs: [{ name: 'x', datatype: 'FP32', shape: ['N', 1100] }],
  nodes: [{ op: 'ReduceSum', inputs: ['x', 'axis'], outputs: ['y'] }],
};

/** The product of three numbers. */
const product: OnnxGraph = {
  ...loudness,
  inputs: [{ name: 'x', datatype: 'FP32', shape: ['N', 3] }],
  nodes: [{ op: 'ReduceProd', inputs: ['x'], outputs: ['y'], attributes: { axes: [1] } }],
};

/** A tree: 10 where a is more than 0.5, and b too, else 0. */
const tree: OnnxGraph = {
  inputs: [{ name: 'x', datatype: 'FP32', shape: ['N', 2] }],
  outputs: [{ name: 'y', datatype: 'FP32', shape: ['N', 1] }],
  nodes: [
    {
      op: 'TreeEnsembleRegressor',
      domain: 'ai.onnx.ml',
      inputs: ['x'],
      outputs: ['y'],
      attributes: {
        n_targets: 1,
        nodes_treeids: [0, 0, 0, 0, 0],
        nodes_nodeids: [0, 1, 2, 3, 4],
        nodes_featureids: [0, 0, 1, 0, 0],
        nodes_modes: ['BRANCH_GT', 'LEAF', 'BRANCH_GT', 'LEAF', 'LEAF'],
        nodes_values: { floats: [0.5, 0, 0.5, 0, 0] },
        nodes_truenodeids: [2, 0, 4, 0, 0],
        nodes_falsenodeids: [1, 0, 3, 0, 0],
        target_treeids: [0, 0, 0],
        target_nodeids: [1, 3, 4],
        target_ids: [0, 0, 0],
        target_weights: { floats: [0, 0, 10] },
      },
    },
  ],
};

/** As `line`, but that it rounds what it is given, as what is quantized does. */
const rounded: OnnxGraph = {
  ...line,
  nodes: [
    { op: 'Round', inputs: ['x'], outputs: ['whole'] },
    { op: 'Gemm', inputs: ['whole', 'w', 'b'], outputs: ['y'] },
  ],
};

const picture = { decodeImage: {} };
const columns = (names: readonly string[]) => ({ preprocess: [{ columns: { inputs: { x: names } } }] });
const folder = await mkdtemp(join(tmpdir(), 'tensorgate-explain-'));
const runs: number[] = [];
let service: Service;
/** How far explanations were: rows that were run, of the most that there will be. */
const heard: (readonly [evaluations: number, most: number])[] = [];

async function put(name: string, graph: OnnxGraph, settings: object, files: Readonly<Record<string, string>> = {}) {
  const version = join(folder, name, '1');
  await mkdir(version, { recursive: true });
  await writeFile(join(version, 'model.onnx'), buildOnnx(graph));
  await writeFile(join(folder, name, 'model.json'), JSON.stringify(settings));
  for (const [file, text] of Object.entries(files)) await writeFile(join(version, file), text);
}

beforeAll(async () => {
  await put('line', line, { task: { name: 'tabular-regression', ...columns(['a', 'b']) } });
  await put('tensors', line, {});
  const rows = [
    [1, 9],
    [3, 2],
    [2, 4],
  ];
  const samples = { 'samples.jsonl': rows.map((row) => JSON.stringify({ inputs: { x: [row] } })).join('\n') };
  const named = { task: { name: 'tabular-regression', ...columns(['a', 'b']) } };
  await put('sampled', line, named, samples);
  await put('odd', line, named, { 'samples.jsonl': '{"inputs": {"x": [[1, 2, 3]]}}' });
  await put('broken', line, named, { 'samples.jsonl': 'no samples' });
  await put('tree', tree, { task: { name: 'tabular-regression', ...columns(['a', 'b']) } });
  const tokenized = { 'tokenizer.json': JSON.stringify(wordTokenizer) };
  await put(
    'words',
    words,
    { task: 'text-classification', labels: { logits: 'labels.txt' } },
    { ...tokenized, 'labels.txt': 'first\nsecond\n' },
  );
  const wave = { preprocess: [{ decodeSound: {} }, { wave: {} }], postprocess: [{ value: {} }] };
  await put('loudness', loudness, { task: { name: 'audio-classification', ...wave } });
  const pieces = [{ decodeSound: {} }, { resample: { rates: [16000] } }, { frames: { windowMs: 10 } }];
  await put('speech', speech, {
    task: { name: 'audio-classification', preprocess: pieces, postprocess: [{ average: {} }, { value: {} }] },
  });
  const pixels = [picture, { pictureTensor: { scale: 1 / 255 } }];
  await put('cnn', cnn('FP32'), {
    task: { name: 'image-classification', preprocess: pixels, postprocess: [{ topK: {} }] },
  });
  const sha256 = createHash('sha256').update(buildOnnx(line)).digest('hex');
  const madeOf = (digest: string, name = 'line@1') => ({
    'manifest.json': JSON.stringify({ made: { source: { name, sha256: digest } } }),
  });
  await mkdir(join(folder, 'whole'));
  const step = { model: 'tensors', inputs: { x: 'x' }, outputs: { y: 'y' } };
  await writeFile(join(folder, 'whole/model.json'), JSON.stringify({ inputs: ['x'], outputs: ['y'], steps: [step] }));
  await put('rounded', rounded, {}, madeOf(sha256));
  await put('changed', rounded, {}, madeOf('0'.repeat(64)));
  await put('orphan', rounded, {}, madeOf(sha256, 'gone@3'));
  await put('text', text, {});
  await put('long', long, {});
  await put('product', product, { task: { name: 'tabular-regression', ...columns(['a', 'b', 'c']) } });
  service = serviceOver(folder, {
    onRun: (_version, { inputs }) => runs.push(inputs.length),
    onEvaluations: (...told) => heard.push(told),
  });
  await service.refresh();
});
afterAll(() => rm(folder, { recursive: true }));

type Asked = readonly [path: string, body: object | Uint8Array, headers?: Record<string, string>, gone?: AbortSignal];

const ask = (...asked: Asked) => askOf(service, ...asked);

async function askOf(host: Service, ...[path, body, headers = {}, gone = new AbortController().signal]: Asked) {
  const bytes = body instanceof Uint8Array ? body : Buffer.from(JSON.stringify(body));
  const answer = await host.handle({ method: 'POST', path, headers, body: bytes, requestId: 'r', gone: () => gone });
  return { ...JSON.parse(Buffer.concat(answer.body).toString()), served: answer.served };
}

const weightsOf = (parts: readonly { readonly weight: number }[]) => parts.map(({ weight }) => weight);

async function grey(): Promise<{ readonly png: string; readonly values: readonly number[] }> {
  const random = seededRandom(9);
  const pixels = Uint8Array.from({ length: 64 }, () => Math.floor(random() * 256));
  const encode = await openPictureEncoder();
  return {
    png: await encode({ width: 8, height: 8, channels: 1, pixels }),
    values: [...pixels].map((each) => each / 255),
  };
}

describe('columns and tensors', () => {
  const samples = sampleModels();

  test.each(['kernel-shap', 'shapley', 'occlusion', 'gradient-x-input', 'integrated-gradients'])(
    'by %s have what they add to a line',
    async (method) => {
      const byItem = await ask('/v1/explain/line', { inputs: { a: 4, b: 5 }, parameters: { method } });
      const inputs = [{ name: 'x', datatype: 'FP32', shape: [1, 2], data: [4, 5] }];
      const byTensors = await ask('/v2/models/tensors/versions/1/explain', { inputs, parameters: { method } });
      expect(byItem).toMatchObject({ model: 'line', version: '1', task: 'tabular-regression', method, value: -6 });
      expect(byTensors).toMatchObject({ model_name: 'tensors', model_version: '1', method, value: -6 });
      expect(byItem.features.map(({ feature, value }: { feature: string; value: number }) => [feature, value])).toEqual(
        [
          ['a', 4],
          ['b', 5],
        ],
      );
      expect(byTensors.features.map(({ feature }: { feature: string }) => feature)).toEqual(['x[0]', 'x[1]']);
      for (const { features, chart } of [byItem, byTensors]) {
        expect(weightsOf(features)[0]).toBeCloseTo(8, 4);
        expect(weightsOf(features)[1]).toBeCloseTo(-15, 4);
        expect(chart).toMatch(/^<svg [^>]*>\n<title>[\s\S]*<\/svg>\n$/);
      }
    },
  );

  test('of an ensemble are those of its models together', async () => {
    const inputs = [{ name: 'x', datatype: 'FP32', shape: [1, 2], data: [4, 5] }];
    const asked = await ask('/v2/models/whole/explain', { inputs });
    expect(weightsOf(asked.features)[0]).toBeCloseTo(8, 4);
    expect(asked).toMatchObject({ model_name: 'whole', value: -6, baseline_value: 1 });
  });

  test('are against the mean of the rows that are given', async () => {
    const baseline = [[1, 1], { a: 3, b: 2 }];
    const asked = await ask('/v1/explain/line', { inputs: [4, 5], parameters: { baseline } });
    expect(asked).toMatchObject({ baseline: '2 rows that were given', baseline_value: 0.5, method: 'kernel-shap' });
    expect(weightsOf(asked.features)[0]).toBeCloseTo(4, 5);
    expect(weightsOf(asked.features)[1]).toBeCloseTo(-10.5, 5);
    expect(asked.completeness.gap).toBeLessThan(1e-6);
    const rows = { name: 'x', datatype: 'FP32', shape: [2, 2], data: [1, 1, 3, 2] };
    const inputs = [{ ...rows, shape: [1, 2], data: [4, 5] }];
    const tensors = await ask('/v2/models/tensors/explain', { inputs, parameters: { baseline: [rows] } });
    expect(weightsOf(tensors.features)).toEqual(weightsOf(asked.features));
  });

  test.each(['kernel-shap', 'occlusion', 'gradient-x-input', 'integrated-gradients'])(
    'by %s are against what samples of the version usually have, where nothing is given',
    async (method) => {
      const inputs = [{ name: 'x', datatype: 'FP32', shape: [1, 2], data: [4, 5] }];
      const byItem = await ask('/v1/explain/sampled', { inputs: { b: 5, a: 4 }, parameters: { method } });
      const byTensors = await ask('/v2/models/sampled/explain', { inputs, parameters: { method } });
      for (const asked of [byItem, byTensors]) {
        if (method === 'gradient-x-input') {
          expect(asked.baseline).toBe('none');
          continue;
        }
        // Against the medians, 2 and 4.
        expect(asked.baseline).toBe('the middle of each value in the 3 samples of the version');
        expect(weightsOf(asked.features)[0]).toBeCloseTo(4, 4);
        expect(weightsOf(asked.features)[1]).toBeCloseTo(-3, 4);
      }
    },
  );

  test.each(['kernel-shap', 'shapley', 'lime', 'occlusion'])(
    'that are the same in all rows of the baseline weigh 0 by %s, and cost nothing',
    async (method) => {
      const some = { method, baseline: [[0.1, 1, 7], { a: 0.1, b: 3, c: 7 }] };
      const asked = await ask('/v1/explain/product', { inputs: [0.1, 5, 7], parameters: some });
      const [a, b, c] = weightsOf(asked.features);
      expect([a, c]).toEqual([0, 0]);
      expect(asked.note).toBeUndefined();
      if (method === 'lime') expect(asked.samples).toBe(512 + 2);
      else {
        expect(b).toBeCloseTo(0.7 * (5 - 2), 6);
        // The row, the two of the baseline, and of occlusion what is left out.
        expect(asked.evaluations).toBe(method === 'occlusion' ? 5 : 3);
      }
      const all = { method, baseline: [0.1, 5, 7] };
      const same = await ask('/v1/explain/product', { inputs: [0.1, 5, 7], parameters: all });
      expect(weightsOf(same.features)).toEqual([0, 0, 0]);
      expect(same).toMatchObject({
        evaluations: 1,
        note: 'all weights are 0: the baseline has the same in the place of each part',
      });
      expect(same.baseline_value).toBe(same.value);
    },
  );

  test('by LIME of numbers take a row for each sample, however many the baseline has', async () => {
    const baseline = [1, 2, 3, 4].map((each) => [each, each]);
    const parameters = { method: 'lime', baseline, max_evaluations: 8 };
    const asked = await ask('/v1/explain/line', { inputs: [4, 5], parameters });
    expect(asked).toMatchObject({ evaluations: 8, samples: 3 });
  });

  test.each([
    ['line', [4, 5], { method: 'kernel-shap', baseline: [1, 2, 3].map((each) => [each, each]) }],
    ['product', [2, 5, 7], { method: 'shapley' }],
    ['line', [4, 5], { method: 'lime', baseline: [1, 2, 3].map((each) => [each, each]), samples: 100 }],
    ['product', [2, 5, 7], { method: 'occlusion' }],
    ['words', 'c a b', { method: 'integrated-gradients', target: 'first', steps: 40 }],
    ['line', [4, 5], { method: 'gradient-x-input' }],
  ])('of %s, %j by %j tell how far they are', async (model, inputs, parameters) => {
    heard.length = 0;
    const { evaluations } = await ask(`/v1/explain/${model}`, { inputs, parameters });
    expect(heard.length).toBeGreaterThan(1);
    expect(heard.map(([rows]) => rows)).toEqual(heard.map(([rows]) => rows).toSorted((one, other) => one - other));
    for (const [rows, most] of heard) expect(rows).toBeLessThanOrEqual(most);
    expect(heard[0]?.[1]).toBe(4096);
    expect(heard.at(-1)).toEqual([evaluations, evaluations]);
  });

  test('by as many steps as it takes tell how many rows those may be', async () => {
    heard.length = 0;
    const parameters = { method: 'integrated-gradients', max_evaluations: 200 };
    const { evaluations } = await ask('/v1/explain/line', { inputs: [4, 5], parameters });
    expect(heard.at(-1)).toEqual([evaluations, 200]);
  });

  test('that change nothing have a note', async () => {
    const parameters = { method: 'gradient-x-input' };
    const asked = await ask('/v1/explain/line', { inputs: [0, 0], parameters });
    expect(asked.note).toMatch(
      /^all weights are 0: no part changes the score by this method, .*; kernel-shap and lime go by/,
    );
  });

  test('of a row that is its own baseline go no way', async () => {
    const asked = await ask('/v1/explain/line', {
      inputs: [4, 5],
      parameters: { method: 'integrated-gradients', baseline: [4, 5] },
    });
    expect(asked).toMatchObject({
      note: 'all weights are 0: the baseline has the same in the place of each part',
      completeness: { sum: 0, expected: 0, gap: 0 },
      steps: 0,
      evaluations: 2,
    });
    expect(asked.baseline_value).toBe(asked.value);
    expect(weightsOf(asked.features)).toEqual([0, 0]);
  });

  test('are as they came, and a number may stand in a list', async () => {
    const inputs = [{ name: 'x', datatype: 'FP32', shape: [1, 2], data: [5.9, 4.2] }];
    for (const method of ['kernel-shap', 'gradient-x-input']) {
      const asked = await ask('/v2/models/tensors/explain', { inputs, parameters: { method } });
      expect(asked.features.map(({ value }: { value: number }) => value)).toEqual([5.9, 4.2]);
      expect(asked.chart).toContain('>x[0] = 5.9</text>');
    }
    const listed = await ask('/v1/explain/sampled', { inputs: { a: [5.9], b: 4.2 } });
    expect(listed.features).toMatchObject([{ value: 5.9 }, { value: 4.2 }]);
  });

  test('of more than 1,024 are the largest, and what the others have together', async () => {
    const data = Array.from({ length: 1100 }, (_item, at) => (at % 2 === 0 ? -1 : 1) * (at + 1));
    const inputs = [{ name: 'x', datatype: 'FP32', shape: [1, 1100], data }];
    const asked = await ask('/v2/models/long/explain', { inputs, parameters: { method: 'integrated-gradients' } });
    expect(asked.features).toHaveLength(1024);
    expect(Math.min(...weightsOf(asked.features).map(Math.abs))).toBeCloseTo(77, 1);
    // -1 + 2 - 3 and so on, up to 76.
    expect(asked.others.elements).toBe(76);
    expect(asked.others.weight).toBeCloseTo(38, 1);
    const listed = weightsOf(asked.features).reduce((sum, weight) => sum + weight, 0);
    expect(listed + asked.others.weight).toBeCloseTo(asked.completeness.sum, 6);
    // The same up to 1,080.
    expect(asked.chart).toMatch(/>1080 more, together<\/text>\n<text [^>]*>540<\/text>/);
  });

  test('have a chart that says of what it is', async () => {
    const { chart } = await ask('/v1/explain/sampled', { inputs: [4, 5], parameters: { method: 'occlusion' } });
    const told = [...chart.matchAll(/<text [^>]*>(.*?)<\/text>/g)].map(([, words]) => words);
    expect(told.slice(0, 4)).toEqual([
      'sampled version 1: y[0] is -6',
      'occlusion; of the baseline it is -7 (the middle of each value in the 3 samples of the version)',
      'speaks for it',
      'speaks against it',
    ]);
    expect(told.at(-1)).toBe('what the score loses without each');
    // From -3 to 4: the line at 0 is where its share of the width lies.
    expect(chart).toContain(`<path d="M${(250 + (3 / 7) * 390).toFixed(1)} `);
  });

  test('read the samples of a version once', async () => {
    const file = join(folder, 'sampled/1/samples.jsonl');
    const [text, parameters] = [await readFile(file), { method: 'occlusion' }];
    const first = await ask('/v1/explain/sampled', { inputs: [4, 5], parameters });
    await rm(file);
    expect((await ask('/v1/explain/sampled', { inputs: [4, 5], parameters })).baseline).toBe(first.baseline);
    await writeFile(file, text);
  });

  test('are against what is given, whatever samples there are', async () => {
    const parameters = { baseline: [1, 1] };
    const asked = await ask('/v1/explain/sampled', { inputs: [4, 5], parameters });
    expect(asked).toMatchObject({ baseline: 'the row that was given', baseline_value: 0 });
    const zeros = await ask('/v1/explain/sampled', { inputs: [4, 5], parameters: { baseline: [0, 0] } });
    expect(zeros.baseline_value).toBe(1);
  });

  test.each(['line', 'odd', 'broken'])('of %s, whose samples say nothing, are against zeros', async (name) => {
    expect(await ask(`/v1/explain/${name}`, { inputs: [4, 5] })).toMatchObject({
      baseline: 'zeros',
      baseline_value: 1,
      note: expect.stringMatching(/^zeros stand for what is left out, as .*: give a usual row as 'baseline'$/),
    });
  });

  test('that are zeros themselves have both notes', async () => {
    const { note } = await ask('/v1/explain/line', { inputs: [0, 0] });
    expect(note).toMatch(/^all weights are 0: the baseline has the same .*; zeros stand for what is left out, as/);
  });

  test('LIME draws around the rows that are given, the same by the same seed', async () => {
    const parameters = {
      method: 'lime',
      baseline: [
        [0, 0],
        [2, 4],
      ],
      samples: 500,
    };
    const one = await ask('/v1/explain/line', { inputs: [1.5, 2], parameters });
    const again = await ask('/v1/explain/line', { inputs: [1.5, 2], parameters });
    const other = await ask('/v1/explain/line', { inputs: [1.5, 2], parameters: { ...parameters, seed: 2 } });
    // By deviations, 1 and 2: the slopes are 2 and −3.
    expect(weightsOf(one.features)[0]).toBeCloseTo(2, 0);
    expect(weightsOf(one.features)[1]).toBeCloseTo(-6, 0);
    expect(one).toMatchObject({ seed: 1, samples: 500, fit: { r2: expect.any(Number) } });
    expect(again.features).toEqual(one.features);
    expect(other.features).not.toEqual(one.features);
  });

  test('of iris are as the packages lime and shap say', async () => {
    const iris = serviceOver(samples);
    await iris.refresh();
    const rows = explained.iris.baseline;
    const baseline = [{ name: 'X', datatype: 'FP32', shape: [rows.length, 4], data: rows.flat() }];
    for (const { row, target, shap, lime } of explained.iris.rows) {
      const inputs = [{ name: 'X', datatype: 'FP32', shape: [1, 4], data: row }];
      const own = await askOf(iris, '/v2/models/iris/explain', { inputs, parameters: { baseline } });
      const parameters = { method: 'lime', baseline, samples: 3000 };
      const drawn = await askOf(iris, '/v2/models/iris/explain', { inputs, parameters });
      expect([own.target.index, drawn.target.index]).toEqual([target, target]);
      for (const [at, weight] of weightsOf(own.features).entries()) expect(weight).toBeCloseTo(shap[at] as number, 4);
      // Row by row: of four columns, at least 0.95 is the same order.
      expect(rankCorrelation(weightsOf(own.features), shap)).toBeGreaterThanOrEqual(0.95);
      expect(rankCorrelation(weightsOf(drawn.features), lime)).toBeGreaterThanOrEqual(0.95);
    }
  });

  test('trees have exact Shapley values', async () => {
    const asked = await ask('/v1/explain/tree', { inputs: [1, 1] });
    expect(asked).toMatchObject({ method: 'shapley', value: 10, baseline_value: 0, evaluations: 4 });
    expect(weightsOf(asked.features)).toEqual([5, 5]);
  });

  test('count in usage with the rows that were run, and nobody hears of what was made up', async () => {
    runs.length = 0;
    const { served, evaluations } = await ask('/v1/explain/line', { inputs: [4, 5] });
    expect(evaluations).toBe(4);
    expect(served).toEqual({ model: 'line', version: '1', items: 4 });
    expect(runs).toEqual([]);
    await ask('/v2/models/line/infer', { inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 2], data: [4, 5] }] });
    expect(runs).toEqual([1]);
  });
});

describe('texts', () => {
  test('have words with their places and weights', async () => {
    const asked = await ask('/v1/explain/words', { inputs: 'a – b' });
    expect(asked).toMatchObject({
      method: 'kernel-shap',
      target: { output: 'logits', index: 1, label: 'second', of: 'answer' },
    });
    expect(asked.words).toMatchObject([
      { word: 'a', start: 0, end: 1 },
      { word: 'b', start: 4, end: 5 },
    ]);
    const [a, b] = weightsOf(asked.words) as [number, number];
    expect(a + b).toBeCloseTo(asked.value - asked.baseline_value, 9);
    const lost = await ask('/v1/explain/words', { inputs: 'a – b', parameters: { method: 'occlusion' } });
    const predict = async (inputs: string) => {
      const { predictions } = await ask('/v1/predict/words', { inputs });
      return predictions[0].find(({ label }: { label: string }) => label === 'second').score;
    };
    expect(weightsOf(lost.words)[0]).toBeCloseTo((await predict('a – b')) - (await predict(' – b')), 6);
  });

  test('that are what stands in the place of words weigh 0', async () => {
    const asked = await ask('/v1/explain/words', { inputs: 'a b', parameters: { baseline: 'a' } });
    expect(weightsOf(asked.words)[0]).toBe(0);
    expect(weightsOf(asked.words)[1]).toBeCloseTo(asked.value - asked.baseline_value, 12);
  });

  test('by gradients have all that their tokens add, a class by its name', async () => {
    const parameters = { method: 'integrated-gradients', target: 'first' };
    const asked = await ask('/v1/explain/words', { inputs: 'a b', parameters });
    expect(asked).toMatchObject({
      target: { output: 'logits', index: 0, label: 'first', of: 'output' },
      gradients: { version: 'words@1', by: 'vectors' },
      words: [{ word: 'a', start: 0, end: 1 }, { word: 'b', start: 2, end: 3 }, { word: null }],
    });
    const sum = weightsOf(asked.words).reduce((all, each) => all + each, 0);
    expect(sum).toBeCloseTo(asked.value, 4);
    expect(asked.completeness.gap).toBeLessThan(1e-4);
    // By hand: the mean vector is (1.4, 2.1) / 4, and the other scores of "second" are none of this.
    expect(asked.value).toBeCloseTo(Math.tanh(1.4 / 4) + 0.5 * Math.tanh(2.1 / 4), 5);
  });
});

describe('pictures', () => {
  test('have regions, a heat map, and weights that add up', async () => {
    const { png } = await grey();
    const asked = await ask('/v1/explain/cnn', {
      inputs: png,
      parameters: { method: 'integrated-gradients', parts: 4 },
    });
    expect(asked.completeness.gap).toBeLessThan(1e-3);
    expect(asked.completeness.note).toBeUndefined();
    expect(asked.regions).toHaveLength(16);
    const one = { method: 'integrated-gradients', steps: 1 };
    const rough = await ask('/v1/explain/cnn', { inputs: png, parameters: one });
    expect(rough.completeness.gap).toBeGreaterThan(1e-3);
    expect(rough.completeness.note).toMatch(/^the weights add up to within [\d.]+ % only; as many 'steps' as it takes/);
    const sum = weightsOf(asked.regions).reduce((all, each) => all + each, 0);
    expect(sum).toBeCloseTo(asked.completeness.sum, 9);
    expect(asked.heat_map).toMatchObject({ width: 256, height: 256, image: expect.stringMatching(/^iVBORw0KGgo/) });
    const shap = await ask('/v1/explain/cnn', Buffer.from(png, 'base64'), { 'content-type': 'image/png' });
    // Of the 49 regions there are more coalitions than a whole number of 32 bits counts.
    await expect(ask('/v1/explain/cnn', { inputs: png, parameters: { method: 'shapley' } })).rejects.toMatchObject({
      status: 400,
      message: expect.stringMatching(
        /^shapley of 49 parts runs the model on more rows than any explanation may, 100000/,
      ),
    });
    expect(shap).toMatchObject({
      method: 'kernel-shap',
      baseline: 'the mean colour of the picture',
      target: { index: asked.target.index },
    });
    expect(shap.regions).toHaveLength(49);
    expect(shap.completeness.gap).toBeLessThan(1e-6);
    expect(shap.evaluations).toBeLessThanOrEqual(4096);
  });

  test('that are dark weigh 0 against zeros', async () => {
    const encode = await openPictureEncoder();
    const pixels = Uint8Array.from({ length: 64 }, (_item, at) => (at < 32 ? 0 : 200));
    const inputs = await encode({ width: 8, height: 8, channels: 1, pixels });
    const parameters = { method: 'occlusion', parts: 2, baseline: 'zeros' };
    const asked = await ask('/v1/explain/cnn', { inputs, parameters });
    expect(weightsOf(asked.regions).map((weight) => weight === 0)).toEqual([true, true, false, false]);
    expect(asked.evaluations).toBe(4);
  });

  test('by Grad-CAM have the maps of the last convolution, weighed by their slopes', async () => {
    const { png, values } = await grey();
    const { regions, target, gradients } = await ask('/v1/explain/cnn', {
      inputs: png,
      parameters: { method: 'grad-cam', parts: 2 },
    });
    const graph = cnn('FP32');
    const maps = await OpenModel.open(
      await readModel(
        bytesAccess(buildOnnx({ ...graph, outputs: [{ name: 'r2', datatype: 'FP32', shape: ['N', 6, 2, 2] }] })),
      ),
    );
    const { r2 } = await maps.run({ x: tensorOf('FP32', [1, 1, 8, 8], values) });
    await maps.release();
    // What comes after is a sum, so that the slopes are its weights.
    const last = graph.initializers?.find(({ name }) => name === 'w3')?.data as Uint8Array;
    const slopes = new Float32Array(last.buffer).subarray(target.index * 24, (target.index + 1) * 24);
    const expected = [0, 1, 2, 3].map((place) => {
      const sum = [0, 1, 2, 3, 4, 5].reduce((all, map) => {
        const weight = slopes.subarray(map * 4, map * 4 + 4).reduce((total, each) => total + each, 0) / 4;
        return all + weight * (valuesOf(r2 as NonNullable<typeof r2>)[map * 4 + place] as number);
      }, 0);
      return Math.max(0, sum);
    });
    expect(gradients.by).toBe('r2');
    expect(Math.max(...expected)).toBeGreaterThan(0);
    for (const [at, weight] of weightsOf(regions).entries()) expect(weight).toBeCloseTo(expected[at] as number, 5);
  });
});

test('sounds have spans', async () => {
  const samples = Int16Array.from({ length: 1600 }, (_item, at) => (at >= 400 && at < 800 ? 16384 : 0));
  const wav = wavFile(1, 16, new Uint8Array(samples.buffer));
  const form = { inputs: Buffer.from(wav).toString('base64') };
  const asked = await ask('/v1/explain/loudness', { ...form, parameters: { parts: 4, method: 'occlusion' } });
  expect(asked.spans.map(({ start, end }: { start: number; end: number }) => [start, end])).toEqual([
    [0, 0.025],
    [0.025, 0.05],
    [0.05, 0.075],
    [0.075, 0.1],
  ]);
  expect(weightsOf(asked.spans)).toEqual([0, 200, 0, 0]);
  // All of the height, as nothing speaks against it, over the second quarter of the width.
  expect(asked.chart).toContain('<rect x="245.0" y="74.0" width="155.0" height="140.0" fill="#d55e00"/>');
  expect(asked.chart).toMatch(
    /^<svg .*>200<\/text>.*>0\.1 s<\/text>.*what the score loses without each<\/text>\n<\/svg>\n$/s,
  );
  expect(asked.evaluations).toBe(3);
  const slopes = await ask('/v1/explain/loudness', { ...form, parameters: { parts: 4, method: 'gradient-x-input' } });
  expect(slopes.spans).toEqual(asked.spans);
  const nothing = { inputs: Buffer.from(wavFile(1, 16, new Uint8Array(3200))).toString('base64') };
  const silent = await ask('/v1/explain/loudness', nothing);
  expect(weightsOf(silent.spans)).toEqual(new Array(16).fill(0));
  expect(silent).toMatchObject({
    evaluations: 1,
    note: expect.stringMatching(/^all weights are 0: the baseline has the same/),
  });
  expect([...silent.chart.matchAll(/text-anchor="end">(.*)<\/text>/g)].map(([, tick]) => tick)).toEqual(['0']);
});

test('a model without gradients has those of the float model that it was made of, where that is the same yet', async () => {
  const inputs = [{ name: 'x', datatype: 'FP32', shape: [1, 2], data: [4, 5] }];
  const parameters = { method: 'gradient-x-input' };
  const asked = await ask('/v2/models/rounded/explain', { inputs, parameters });
  expect(asked).toMatchObject({
    model_name: 'rounded',
    gradients: {
      version: 'line@1',
      by: 'x',
      note: expect.stringMatching(
        /^rounded@1 has no gradients \('y' does not depend on 'x'\): these, and the scores, are of line@1/,
      ),
    },
  });
  expect(weightsOf(asked.features)).toEqual([8, -15]);
  for (const [name, why] of [
    ['changed', 'line@1, which it was made from and whose gradients would be taken, is not the same file any more'],
    ['orphan', 'gone@3, which it was made from and whose gradients would be taken, is not in the repository'],
  ])
    await expect(ask(`/v2/models/${name}/explain`, { inputs, parameters })).rejects.toMatchObject({
      status: 400,
      field: 'method',
      message: `model '${name}' version 1 has no gradients: 'y' does not depend on 'x', and ${why}; the methods kernel-shap, shapley, lime and occlusion take any model`,
    });
});

describe('what is wrong is refused', () => {
  const row = { name: 'x', datatype: 'FP32', shape: [1, 2], data: [4, 5] };
  const silence = Buffer.from(wavFile(1, 16, new Uint8Array(3200))).toString('base64');
  test.each([
    [
      '/v1/explain/line',
      {
        inputs: [
          [1, 2],
          [3, 4],
        ],
      },
      400,
      /^field 'inputs': expected one item/,
    ],
    [
      '/v1/explain/line',
      { inputs: [1, 2], parameters: { method: 'guess' } },
      400,
      /^parameter 'method': expected one of kernel-shap/,
    ],
    ['/v1/explain/line', { inputs: [1, 2], parameters: { sample: 3 } }, 400, /^there is no parameter 'sample'/],
    [
      '/v1/explain/line',
      { inputs: [1, 2], parameters: { max_evaluations: 1e9 } },
      400,
      /^parameter 'max_evaluations': expected a whole number from 2 to 100000/,
    ],
    [
      '/v1/explain/line',
      { inputs: [1, 2], parameters: { max_evaluations: 3, method: 'shapley' } },
      400,
      /^parameter 'max_evaluations': shapley of 2 parts runs the model on 2 rows at least, beside 2 so far, and it may have 3/,
      'max_evaluations',
    ],
    [
      '/v1/explain/line',
      { inputs: [1, 2], parameters: { max_evaluations: 27, method: 'integrated-gradients' } },
      400,
      /^parameter 'max_evaluations': integrated-gradients with 25 steps runs the model on 27 rows, beside 1 so far, and it may have 27; fewer 'steps' take fewer$/,
      'max_evaluations',
    ],
    [
      '/v1/explain/words',
      { inputs: 'a', parameters: { max_evaluations: 100, method: 'integrated-gradients', steps: 97 } },
      400,
      /with 97 steps runs the model on 99 rows, beside 2 so far, and it may have 100; fewer 'steps' take fewer$/,
    ],
    [
      '/v1/explain/line',
      { inputs: [1, 2], parameters: { target: 1 } },
      400,
      /^parameter 'target': expected a place from 0 to 0, got 1$/,
      'target',
    ],
    [
      '/v1/explain/line',
      { inputs: [1, 2], parameters: { target: 'yes' } },
      400,
      /got "yes"; 'labels' in model\.json gives places names$/,
      'target',
    ],
    ...[{ baseline: [] }, { baseline: [], method: 'integrated-gradients' }].map(
      (parameters) =>
        [
          '/v1/explain/line',
          { inputs: [1, 2], parameters },
          400,
          /^parameter 'baseline': expected a row of columns, or a list of them, got none$/,
          'baseline',
        ] as const,
    ),
    [
      '/v1/explain/line',
      { inputs: [1, 2], parameters: { baseline: [[1]] } },
      400,
      /^parameter 'baseline', row 1: expected the values of 2 columns, got 1: 'b' is the first without one$/,
      'baseline',
    ],
    [
      '/v1/explain/line',
      { inputs: [1, 2], parameters: { baseline: [[1, 2], { a: 1, b: null }] } },
      400,
      /^parameter 'baseline', row 2: field 'b': input 'x', element 0: expected a number, got null$/,
      'baseline',
    ],
    [
      '/v1/explain/line',
      { inputs: [1, 2], parameters: { baseline: '{bad' } },
      400,
      /^parameter 'baseline': expected a row of columns, as JSON, or a list of them, got "\{bad"$/,
      'baseline',
    ],
    [
      '/v1/explain/line',
      { inputs: [1, 2], parameters: { method: 'integrated-gradients', baseline: { a: 1, b: 'c' } } },
      400,
      /^parameter 'baseline': field 'b': .* expected a number, got "c"$/,
      'baseline',
    ],
    ['/v1/explain/line', { inputs: { a: 1, b: null } }, 400, /^field 'b': .* expected a number, got null/],
    ['/v1/explain/line', {}, 400, /^the field 'inputs' is missing: it has the item$/, 'inputs'],
    [
      '/v1/explain/line',
      { inputs: [1, 2], parameters: { method: 'lime', samples: 2 } },
      400,
      /^parameter 'samples': lime of 2 parts, without those that are as the baseline, takes 3 at least, got 2$/,
      'samples',
    ],
    [
      '/v1/explain/sampled',
      { inputs: [1, 2], parameters: { method: 'kernel-shap', samples: 1 } },
      400,
      /^parameter 'samples': kernel-shap of 2 parts, without those that are as the baseline, takes 2 at least, got 1$/,
      'samples',
    ],
    [
      '/v1/explain/line',
      { inputs: [1, 2], parameters: { baseline: new Array(101).fill([1, 2]) } },
      413,
      /expected 100 rows at most, got 101/,
      'baseline',
    ],
    [
      '/v1/explain/line',
      { inputs: [1, 2], parameters: { method: 'grad-cam' } },
      400,
      /has no convolution, whose maps Grad-CAM looks at; integrated-gradients and gradient-x-input go by/,
      'method',
    ],
    [
      '/v2/models/tensors/explain',
      { inputs: [row], parameters: { method: 'grad-cam', layer: 'y' } },
      400,
      /^grad-cam is drawn over a picture: send one, as an item of a task for pictures, to/,
      'method',
    ],
    [
      '/v1/explain/line',
      { inputs: [1, 2], parameters: { method: 'grad-cam', layer: 'y' } },
      400,
      /^grad-cam is drawn over a picture, and the model's task takes none; integrated-gradients and gradient-x-input/,
      'method',
    ],
    [
      '/v1/explain/cnn',
      { inputs: 'PNG', parameters: { method: 'grad-cam', layer: 'flat' } },
      400,
      /^parameter 'layer': expected maps over a picture, .*, and 'flat' is \[1,24\]: name another value of the graph$/,
      'layer',
    ],
    [
      '/v1/explain/cnn',
      { inputs: 'PNG', parameters: { method: 'grad-cam', layer: 'x' } },
      400,
      /^parameter 'layer': expected a value of the graph, such as 'r2', 'r1', got 'x'$/,
      'layer',
    ],
    [
      '/v2/models/tensors/explain',
      { inputs: [row], parameters: { baseline: [[[1, 2]]] } },
      400,
      /^parameter 'baseline': expected a list of tensors, such as \[\{"name": .*, got \[\[\[1,2\]\]\]$/,
      'baseline',
    ],
    [
      '/v2/models/tensors/explain',
      { inputs: [row], parameters: { baseline: [{ ...row, data: [1] }] } },
      400,
      /^parameter 'baseline': (?!.*at byte)/,
      'baseline',
    ],
    ['/v1/explain/speech', { inputs: 'WAV' }, 400, /^model 'speech' version 1 keeps state from window to window/],
    ['/v1/explain/line', { inputs: [1, 2], parameters: { parts: 3 } }, 400, /^parameter 'parts': it is of/, 'parts'],
    ['/v1/explain/line', { inputs: [1, 2], parameters: { output: 'y' } }, 400, /^parameter 'output': it is/, 'output'],
    [
      '/v1/explain/line',
      { inputs: [1, 2], parameters: { method: 'lime', steps: 3 } },
      400,
      /^parameter 'steps': it is of integrated-gradients, and the method is lime$/,
      'steps',
    ],
    [
      '/v1/explain/line',
      { inputs: [1, 2], parameters: { layer: 'y' } },
      400,
      /^parameter 'layer': it is of grad-cam alone: name that as the 'method'$/,
    ],
    [
      '/v1/explain/line',
      { inputs: [1, 2], parameters: { method: 'occlusion', samples: 3 } },
      400,
      /^parameter 'samples': it is of kernel-shap, lime, and/,
    ],
    [
      '/v2/models/tensors/explain',
      { inputs: [row], parameters: { method: 'gradient-x-input', baseline: [row] } },
      400,
      /^parameter 'baseline': it is of/,
    ],
    ['/v1/explain/words', { inputs: '–' }, 400, /^expected a text with words/],
    [
      '/v1/explain/words',
      { inputs: 'a', parameters: { target: 'third' } },
      400,
      /^parameter 'target': expected 'first', 'second', or a place from 0 to 1, got "third"/,
    ],
    [
      '/v1/explain/words',
      { inputs: 'a', parameters: { baseline: 3 } },
      400,
      /^parameter 'baseline': expected a text/,
      'baseline',
    ],
    ['/v1/explain/tensors', { inputs: [1, 2] }, 400, /tabular-classification"}, or .*\/v2\/models\/tensors\/explain$/],
    ['/v1/explain/text', { inputs: 'a' }, 400, /"text-classification"}; tensors are explained where they are numbers$/],
    [
      '/v2/models/text/explain',
      { inputs: [{ name: 'text', datatype: 'BYTES', shape: [1, 1], data: ['a'] }] },
      400,
      /^input 'text': .* got BYTES \[1,1\]: a text is explained as an item of a task, .* \/v1\/explain$/,
    ],
    [
      '/v2/models/tensors/explain',
      { inputs: [{ ...row, shape: [2, 2], data: [1, 2, 3, 4] }] },
      400,
      /^input 'x': expected one row .*: several rows are not explained, nor is a state that a model keeps$/,
    ],
    [
      '/v2/models/tensors/explain',
      { inputs: [{ ...row, datatype: 'FP64' }] },
      400,
      /^input 'x': expected datatype FP32, got FP64/,
    ],
    [
      '/v2/models/tensors/explain',
      { inputs: [row], parameters: { output: 'z' } },
      400,
      /^parameter 'output': expected an output of floats .* got z; it has 'y'/,
      'output',
    ],
    [
      '/v1/explain/cnn',
      { inputs: 'PNG', parameters: { parts: 17 } },
      400,
      /^parameter 'parts': expected 1 to 16 along each side of a picture, got 17$/,
      'parts',
    ],
    [
      '/v2/models/tensors/explain',
      { inputs: [row], parameters: { baseline: [{ ...row, shape: [1, 1], data: [1] }] } },
      400,
      /^parameter 'baseline': expected rows of 'x', FP32 \[rows, 2\], got FP32 \[1,1\]/,
    ],
    [
      '/v2/models/whole/explain',
      { inputs: [row], parameters: { method: 'integrated-gradients' } },
      400,
      /is an ensemble, which has no gradients/,
    ],
    ['/v2/models/none/explain', { inputs: [row] }, 404, /none/],
  ])('%s %j', async (...[path, body, status, message, field]) => {
    const files: Readonly<Record<string, string>> = { PNG: (await grey()).png, WAV: silence };
    const inputs = files[String('inputs' in body && body.inputs)];
    const wanted = { status, message: expect.stringMatching(message), ...(field !== undefined && { field }) };
    await expect(ask(path, { ...body, ...(inputs !== undefined && { inputs }) })).rejects.toMatchObject(wanted);
  });

  test('whatever comes is answered, or refused with what is wrong', async () => {
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom('a b', [4, 5], { a: 1, b: 2 }, 'zeros', 'mean'),
    );
    const parameters = fc.record(
      {
        method: fc.constantFrom(...methods),
        target: fc.oneof(fc.nat(3), value),
        baseline: value,
        samples: fc.nat(50),
        max_evaluations: fc.nat(100),
        parts: fc.nat(20),
        steps: fc.nat(20),
        layer: fc.constantFrom('r2', 'c1', 'logits', 'none'),
      },
      { requiredKeys: [] },
    );
    const { png } = await grey();
    const path = fc.constantFrom(
      '/v1/explain/line',
      '/v1/explain/words',
      '/v1/explain/cnn',
      '/v2/models/tensors/explain',
    );
    const own = { line: [4, 5], words: 'a b', cnn: png, tensors: [row] };
    await fc.assert(
      fc.asyncProperty(path, fc.option(value), parameters, async (asked, inputs, given) => {
        const usual = own[asked.split('/')[3] as keyof typeof own];
        const found = await ask(asked, { inputs: inputs ?? usual, parameters: given }).catch((error) => error);
        const isRefused = found instanceof ServiceError && found.status < 500 && found.message.length > 10;
        if (!isRefused) expect(found).toMatchObject({ method: expect.any(String), evaluations: expect.any(Number) });
      }),
      { numRuns: 150, seed: 1 },
    );
  });

  test('what took too long before it began, or whose caller had left, ends', async () => {
    const headers = { 'x-request-timeout-ms': '0.001' };
    await expect(ask('/v1/explain/line', { inputs: [1, 2] }, headers)).rejects.toMatchObject({ status: 504 });
    const gone = AbortSignal.abort();
    for (const method of ['kernel-shap', 'integrated-gradients'])
      await expect(ask('/v1/explain/line', { inputs: [1, 2], parameters: { method } }, {}, gone)).rejects.toMatchObject(
        { status: 504 },
      );
  });
});
