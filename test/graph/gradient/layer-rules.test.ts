import { describe, expect, test } from '@jest/globals';
import type { OnnxNode, OnnxTensor } from '../../fakes/onnx-builder.ts';
import { longs, node, value } from './given.ts';
import { type GradientCase, gradientError, type Told } from './gradient-error.ts';
import { wholes } from './tensors.ts';

const worst = 1e-5;

/** The runtime slides over FP32 alone: of whole numbers, what is linear in each is exact. */
const whole = (shape: readonly number[], seed = 1) => ({ shape, values: wholes(shape, 4, seed) });
const exact = { type: 'FP32', step: 1 } as const;

async function check(given: GradientCase, ...told: readonly Told[]) {
  for (const each of told) expect(await gradientError(given, each)).toBeLessThan(worst);
}

describe('Conv', () => {
  const conv = (x: readonly number[], w: readonly number[], attributes: OnnxNode['attributes'] = {}): GradientCase => ({
    nodes: [node('Conv', ['x', 'w', 'b'], { kernel_shape: w.slice(2), ...attributes })],
    values: { x: whole(x, 1), w: whole(w, 2), b: whole([w[0] as number], 3) },
    ...exact,
  });
  const cases: Readonly<Record<string, GradientCase>> = {
    plain: conv([2, 3, 5, 4], [4, 3, 3, 2]),
    'of one axis': conv([2, 3, 7], [4, 3, 3]),
    'of three axes': conv([1, 2, 3, 4, 3], [2, 2, 2, 2, 2]),
    'with strides': conv([2, 2, 7, 7], [3, 2, 3, 3], { strides: [2, 2] }),
    'whose windows end before x does': conv([2, 2, 8, 6], [3, 2, 3, 3], { strides: [2, 3] }),
    'with padding, not the same on all sides': conv([1, 2, 5, 5], [3, 2, 3, 3], { pads: [1, 0, 2, 1] }),
    'with dilations': conv([1, 2, 7, 6], [2, 2, 3, 2], { dilations: [2, 3] }),
    'with groups': conv([2, 4, 5, 5], [6, 2, 3, 3], { group: 2 }),
    'of each channel by itself': conv([2, 3, 5, 5], [3, 1, 3, 3], { group: 3, pads: [1, 1, 1, 1] }),
    'with all of it': conv([2, 4, 9, 8], [2, 2, 3, 2], {
      group: 2,
      strides: [2, 3],
      dilations: [2, 1],
      pads: [1, 0, 2, 1],
    }),
  };
  test.each(Object.entries(cases))('%s', (_name, given) => check(given, 'sizes', 'ranks'));

  test.each(['SAME_UPPER', 'SAME_LOWER', 'VALID'])('padded as %s says', (auto) =>
    check(conv([1, 2, 6, 5], [2, 2, 3, 2], { auto_pad: auto, strides: [2, 2] }), 'sizes'),
  );
});

describe('pools', () => {
  const pool = (op: string, x: readonly number[], attributes: OnnxNode['attributes']): GradientCase => ({
    nodes: [node(op, ['x'], attributes)],
    values: { x: whole(x) },
    ...exact,
  });
  const max = (x: readonly number[], attributes: OnnxNode['attributes']): GradientCase => ({
    nodes: [node('MaxPool', ['x'], attributes)],
    values: { x: value(x) },
  });
  const cases: Readonly<Record<string, GradientCase>> = {
    'MaxPool of windows apart': max([2, 3, 6, 4], { kernel_shape: [2, 2], strides: [2, 2] }),
    'MaxPool of FP32, of windows side by side': {
      ...max([2, 3, 6, 4], { kernel_shape: [2, 2], strides: [2, 2] }),
      type: 'FP32',
      step: 2 ** -9,
    },
    'MaxPool of FP32, of windows side by side of one axis': {
      ...max([2, 2, 9], { kernel_shape: [3], strides: [3] }),
      type: 'FP32',
      step: 2 ** -9,
    },
    'MaxPool of windows that share elements': max([2, 2, 5, 5], { kernel_shape: [3, 2], pads: [1, 0, 1, 1] }),
    'MaxPool that would count places along columns': max([2, 2, 5, 4], {
      kernel_shape: [3, 2],
      storage_order: 1,
    }),
    'MaxPool of one axis': max([2, 2, 7], { kernel_shape: [3], strides: [2] }),
    'MaxPool of windows rounded up': max([1, 2, 5, 5], { kernel_shape: [2, 2], strides: [2, 2], ceil_mode: 1 }),
    AveragePool: pool('AveragePool', [2, 3, 6, 4], { kernel_shape: [2, 2], strides: [2, 2] }),
    'AveragePool of windows that share elements': pool('AveragePool', [2, 2, 7, 6], {
      kernel_shape: [4, 2],
      strides: [2, 3],
    }),
    'AveragePool that counts its padding': pool('AveragePool', [1, 2, 5, 5], {
      kernel_shape: [2, 2],
      pads: [1, 1, 0, 1],
      count_include_pad: 1,
    }),
    'AveragePool that does not': pool('AveragePool', [1, 2, 5, 5], { kernel_shape: [2, 2], pads: [1, 1, 0, 1] }),
    GlobalMaxPool: {
      nodes: [node('GlobalMaxPool', ['x'])],
      values: { x: value([2, 3, 4, 2]) },
      type: 'FP32',
      step: 2 ** -6,
    },
    GlobalAveragePool: pool('GlobalAveragePool', [2, 3, 4, 2], {}),
  };
  test.each(Object.entries(cases))('%s', (_name, given) => check(given, 'sizes', 'ranks'));
});

describe('normalization', () => {
  const layer = (axis: number, scale: readonly number[], inputs = ['x', 'scale', 'bias']): GradientCase => ({
    nodes: [node('LayerNormalization', inputs, { axis, epsilon: { float: 0.01 } })],
    values: { x: value([2, 3, 4], -1, 1, 1), scale: value(scale, 0.5, 2, 2), bias: value(scale, -1, 1, 3) },
  });

  test('LayerNormalization of the last axis', () => check(layer(-1, [4]), 'sizes', 'ranks', 'nothing'));

  test('LayerNormalization from an axis on', () => check(layer(1, [3, 4]), 'sizes', 'ranks'));

  test('BatchNormalization', async () => {
    const fixed = (name: string, values: readonly number[]): OnnxTensor => ({
      name,
      datatype: 'FP64',
      shape: [3],
      data: new Uint8Array(Float64Array.from(values).buffer),
    });
    const constants = [fixed('mean', [0.1, -0.2, 0.3]), fixed('variance', [0.5, 1, 2])];
    for (const shape of [
      [2, 3],
      [2, 3, 4],
      [2, 3, 2, 2],
    ]) {
      const values = { x: value(shape, -1, 1, 1), scale: value([3], 0.5, 2, 2), bias: value([3], -1, 1, 3) };
      const nodes = [
        node('BatchNormalization', ['x', 'scale', 'bias', 'mean', 'variance'], { epsilon: { float: 0.01 } }),
      ];
      await check({ nodes, values, constants }, 'sizes', 'ranks');
    }
  });
});

describe('what picks elements', () => {
  const picks = (
    op: string,
    inputs: readonly string[],
    attributes: OnnxNode['attributes'],
    constants: readonly OnnxTensor[],
  ): GradientCase => ({
    nodes: [{ ...node(op, inputs, attributes), outputs: ['picked'] }, node('Exp', ['picked'])],
    values: { x: value([4, 3, 5]) },
    constants,
  });
  const indices = longs('at', [1, -1, 1, 0], [2, 2]);
  const int32: OnnxTensor = {
    name: 'at',
    datatype: 'INT32',
    shape: [3],
    data: new Uint8Array(Int32Array.of(2, 0, 2).buffer),
  };
  const cases: Readonly<Record<string, GradientCase>> = {
    'Gather of rows, some of them twice': picks('Gather', ['x', 'at'], {}, [indices]),
    'Gather by INT32': picks('Gather', ['x', 'at'], {}, [int32]),
    'Gather of one row': picks('Gather', ['x', 'at'], {}, [longs('at', [2], [])]),
    'Gather of another axis': picks('Gather', ['x', 'at'], { axis: 1 }, [indices]),
    'Gather of the last axis': picks('Gather', ['x', 'at'], { axis: -1 }, [indices]),
    'Gather of the first axis, counted from the end': picks('Gather', ['x', 'at'], { axis: -3 }, [indices]),
    GatherElements: picks('GatherElements', ['x', 'at'], { axis: 1 }, [longs('at', [0, -1, 2, 2, 1, 1], [2, 3, 1])]),
    Slice: picks('Slice', ['x', 'starts', 'ends', 'axes', 'steps'], {}, [
      longs('starts', [1, -1]),
      longs('ends', [100, -6]),
      longs('axes', [1, -1]),
      longs('steps', [1, -2]),
    ]),
    'Slice of the first axes': picks('Slice', ['x', 'starts', 'ends'], {}, [
      longs('starts', [1, 0]),
      longs('ends', [3, 2]),
    ]),
  };
  test.each(Object.entries(cases))('%s', (_name, given) => check(given, 'sizes', 'ranks', 'nothing'));
});
