import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { openGradients } from '../../../src/adapters/explain/open-gradients.ts';
import { openSessionWith } from '../../../src/adapters/open-session.ts';
import { gradCam } from '../../../src/core/explain/grad-cam.ts';
import { integratedGradients } from '../../../src/core/explain/integrated-gradients.ts';
import { gradientGraph } from '../../../src/graph/gradient/gradient-graph.ts';
import { gradientRules } from '../../../src/graph/gradient/gradient-rules.ts';
import { readModel } from '../../../src/graph/read-model.ts';
import type { GradientWish } from '../../../src/ports/gradients.ts';
import type { ModelStore } from '../../../src/ports/model-store.ts';
import type { FixedTensor } from '../../../src/protocol/tensor.ts';
import { bytesAccess } from '../../fakes/bytes-access.ts';
import { buildOnnx, type OnnxNode, type OnnxTensor } from '../../fakes/onnx-builder.ts';
import { longs } from './given.ts';
import { gradientError } from './gradient-error.ts';
import { OpenModel } from './open-model.ts';
import { type FloatType, tensorOf, valuesOf } from './tensors.ts';

/** Numbers of FP32 in base64. */
interface Floats {
  readonly shape: readonly number[];
  readonly values: string;
}

interface Wholes {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

type Named<T> = Readonly<Record<string, T>>;

interface StoredCase {
  readonly name: string;
  readonly type: FloatType;
  readonly nodes: readonly OnnxNode[];
  readonly values: Named<Floats>;
  readonly wholes: Named<Wholes>;
  readonly gradients: Named<Floats>;
}

interface StoredModel {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly weights: Named<Floats>;
  readonly wholes: Named<Wholes>;
  readonly x: Floats | Wholes;
  readonly labels: readonly number[];
  readonly classes: number;
  readonly loss: number;
  readonly gradients: Named<Floats>;
}

interface StoredAnswers {
  readonly cases: readonly StoredCase[];
  readonly models: readonly StoredModel[];
  readonly explained: {
    readonly target: number;
    readonly steps: number;
    readonly gradCam: Floats;
    readonly integratedGradients: Floats;
    readonly residual: { readonly target: number; readonly gradCam: Floats };
  };
}

/** What PyTorch 2.15 says in float64: see make_torch_answers.py. */
const stored = JSON.parse(readFileSync(join(import.meta.dirname, 'torch-answers.json'), 'utf8')) as StoredAnswers;
const { cases, models, explained } = stored;
const worst = 1e-5;

const numbersOf = ({ values }: Floats): number[] => [
  ...new Float32Array(new Uint8Array(Buffer.from(values, 'base64')).buffer),
];
const mapped = <From, To>(named: Named<From>, change: (each: From, name: string) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(named).map(([name, each]) => [name, change(each, name)]));
const constantsOf = (wholes: Named<Wholes>): OnnxTensor[] =>
  Object.entries(wholes).map(([name, { values, shape }]) => longs(name, values, shape));

/** The largest difference, as a part of the largest number that is right. */
function difference(ours: readonly number[], theirs: readonly number[]): number {
  expect(ours.length).toBe(theirs.length);
  // What is 0 in truth is so but for what rounds.
  const largest = Math.max(...theirs.map(Math.abs), 1e-3);
  return Math.max(...ours.map((each, at) => Math.abs(each - (theirs[at] as number)))) / largest;
}

describe("gradients are PyTorch's", () => {
  test.each(cases)('of $name', async ({ type, nodes, values, wholes, gradients }) => {
    const given = mapped(values, (each) => ({ shape: each.shape, values: numbersOf(each) }));
    const truth = mapped(gradients, numbersOf);
    expect(await gradientError({ type, nodes, values: given, constants: constantsOf(wholes), truth })).toBeLessThan(
      worst,
    );
  });

  test('of all operators that have a rule', () => {
    const operators = cases.flatMap(({ nodes }) => nodes.map(({ op }) => op));
    expect(Object.keys(gradientRules).filter((operator) => !operators.includes(operator))).toEqual([]);
  });

  test.each(models)('of a whole $name', async (model) => {
    const found = gradientGraph(await readModel(bytesAccess(fileOf(model))), { loss: { kind: 'cross-entropy' } });
    const { x, weights, labels, gradients, loss } = model;
    const open = await OpenModel.open(found.model);
    try {
      const tensors = mapped(weights, (each) => tensorOf('FP32', each.shape, numbersOf(each)));
      const target = longs('labels', labels) as FixedTensor;
      const inputs = isFloats(x)
        ? tensorOf('FP32', x.shape, numbersOf(x))
        : (longs('x', x.values, x.shape) as FixedTensor);
      const results = await open.run({ ...tensors, x: inputs, [found.target]: target });
      const valuesIn = (name: string) => valuesOf(results[name] as FixedTensor);
      expect(Math.abs((valuesIn(found.loss)[0] as number) - loss)).toBeLessThan(worst * loss);
      expect(found.parameters.map(({ tensor }) => tensor.name).toSorted()).toEqual(Object.keys(weights).toSorted());
      for (const { tensor, gradient } of found.parameters)
        expect(difference(valuesIn(gradient), numbersOf(gradients[tensor.name] as Floats))).toBeLessThan(worst);
    } finally {
      await open.release();
    }
  });
});

describe("explanations are PyTorch's", () => {
  const signal = new AbortController().signal;

  /** Gradients of a model's score as the server makes and loads them, at points from black to its first picture. */
  async function opened(name: string, target: number, by: GradientWish['by']) {
    const model = models.find((each) => each.name === name) as StoredModel;
    const x = model.x as Floats;
    const side = x.shape.slice(1).reduce((product, size) => product * size, 1);
    const picture = numbersOf(x).slice(0, side);
    const folder = mkdtempSync(join(tmpdir(), 'tensorgate-torch-'));
    try {
      const path = join(folder, 'model.onnx');
      writeFileSync(path, fileOf(model));
      const store = { fetch: async () => ({ path }), digest: async () => 'same' } as unknown as ModelStore;
      const gradients = await openGradients({ store, open: openSessionWith('auto'), intraOpThreads: 1 })({
        model: 'cnn',
        version: 1,
        digest: 'same',
        output: undefined,
        isMeanOfRows: false,
        by,
      });
      const at = (points: readonly number[]) => {
        const rows = points.flatMap((point) => picture.map((dot) => Math.fround(point * dot)));
        const pictures = tensorOf('FP32', [points.length, ...x.shape.slice(1)], rows);
        return gradients.run({ inputs: [{ name: 'x', ...pictures }], target }, signal);
      };
      return { at, picture, by: gradients.by, release: () => gradients.release() };
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  test.each([
    ['CNN', 'r2', explained],
    ['residual network', 'r3', explained.residual],
  ] as const)('of a %s by Grad-CAM, of %s', async (name, layer, expected) => {
    const { at, by, release } = await opened(name, expected.target, { kind: 'layer', name: undefined });
    expect(by).toBe(layer);
    const { gradient, value } = await at([1]);
    const floats = (tensor: FixedTensor) => Float32Array.from(valuesOf(tensor));
    const maps = { shape: gradient.shape, maps: floats(value as FixedTensor), gradient: floats(gradient) };
    const { values } = gradCam(maps);
    expect(Math.max(...values)).toBeGreaterThan(0);
    expect(difference([...values], numbersOf(expected.gradCam))).toBeLessThan(worst);
    await release();
  });

  test('of a CNN by Integrated Gradients', async () => {
    const { at, picture, release } = await opened('CNN', explained.target, { kind: 'input', name: 'x' });
    async function* walk(points: readonly number[]) {
      const { scores, gradient } = await at(points);
      yield { scores, gradients: Float32Array.from(valuesOf(gradient)) };
    }
    const { weights } = await integratedGradients(walk, { way: picture, steps: explained.steps, most: 1000 });
    expect(difference([...weights], numbersOf(explained.integratedGradients))).toBeLessThan(worst);
    await release();
  });
});

function isFloats(values: Floats | Wholes): values is Floats {
  return typeof values.values === 'string';
}

function fileOf({ nodes, weights, wholes, x, classes }: StoredModel): Uint8Array {
  const datatype = isFloats(x) ? 'FP32' : 'INT64';
  return buildOnnx({
    inputs: [{ name: 'x', datatype, shape: ['N', ...x.shape.slice(1)] }],
    outputs: [{ name: 'y', datatype: 'FP32', shape: ['N', classes] }],
    nodes,
    initializers: [
      ...Object.entries(weights).map(([name, each]) => ({ name, ...tensorOf('FP32', each.shape, numbersOf(each)) })),
      ...constantsOf(wholes),
    ],
    opset: 20,
  });
}
