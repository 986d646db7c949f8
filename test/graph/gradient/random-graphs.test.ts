import { expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/core/seeded-random.ts';
import { countElements } from '../../../src/protocol/count-elements.ts';
import type { OnnxNode, OnnxTensor } from '../../fakes/onnx-builder.ts';
import { longs, node, value } from './given.ts';
import { type GivenValue, type GradientCase, gradientError, type Told } from './gradient-error.ts';
import { wholes } from './tensors.ts';

const worst = 1e-5;
const rounds = 6;

/** What is drawn, the same by the same seed. */
class Draw {
  readonly seed: number;
  readonly #random: () => number;

  constructor(seed: number) {
    this.seed = seed;
    this.#random = seededRandom(seed);
  }

  /** From `least` to `most`. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.#random() * (most - least + 1));
  }

  isSo(share = 0.5): boolean {
    return this.#random() < share;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.whole(0, items.length - 1)] as T;
  }

  shuffled<T>(items: readonly T[]): readonly T[] {
    const drawn = items.map((item) => [this.#random(), item] as const);
    return drawn.sort(([one], [other]) => one - other).map(([, item]) => item);
  }

  shape(least: number, most: number, size = 4): readonly number[] {
    return Array.from({ length: this.whole(least, most) }, () => this.whole(1, size));
  }

  /** A shape that can be broadcast to another. */
  partOf(shape: readonly number[]): readonly number[] {
    return shape.slice(this.whole(0, shape.length)).map((size) => (this.isSo(0.3) ? 1 : size));
  }

  /** An axis, counted from either end. */
  axis(axis: number, rank: number): number {
    return this.isSo() ? axis : axis - rank;
  }
}

/** What moves elements goes on through Exp, so that a gradient at another place would be another. */
const grown = (name: string, inputs: readonly string[], attributes: OnnxNode['attributes'] = {}): OnnxNode[] => [
  { ...node(name, inputs, attributes), outputs: ['moved'] },
  node('Exp', ['moved']),
];
/** Lists are constants, or only known as it runs. */
function fedAtTimes(draw: Draw, given: GradientCase): GradientCase {
  if (!given.constants || draw.isSo(0.6)) return given;
  const others = Object.fromEntries(given.constants.map(({ name, ...tensor }) => [name, tensor]));
  return { ...given, constants: [], others: others as NonNullable<GradientCase['others']> };
}
const axesOf = (shape: readonly number[]) => [...shape.keys()];
const whole = (shape: readonly number[], seed: number): GivenValue => ({ shape, values: wholes(shape, 3, seed) });
/** Numbers of which none is near another. */
const apart = (draw: Draw, shape: readonly number[]): GivenValue => ({
  shape,
  values: draw.shuffled(Array.from({ length: countElements(shape) }, (_item, at) => 2 * at)),
});

const draws: Readonly<Record<string, (draw: Draw) => GradientCase>> = {
  'element by element': (draw) => {
    const op = draw.pick(['Add', 'Sub', 'Mul', 'Div', 'Pow', 'Max', 'Min', 'Sum']);
    const shape = draw.shape(0, 4, 3);
    const a = value(draw.partOf(shape), op === 'Pow' ? 0.3 : -1, 2, draw.seed);
    if (draw.isSo(0.15)) return { nodes: [node(op, ['a', 'a'])], values: { a } };
    return {
      nodes: [node(op, ['a', 'b'])],
      values: { a, b: value(draw.partOf(shape), 0.5, 2, draw.seed + 1) },
    };
  },
  reductions: (draw) => {
    const op = draw.pick(['ReduceSum', 'ReduceMean', 'ReduceMax', 'ReduceMin', 'ReduceL2']);
    const shape = draw.shape(1, 4);
    const axes = axesOf(shape).filter(() => draw.isSo());
    const asked = draw.shuffled(axes.map((axis) => draw.axis(axis, shape.length)));
    const opset = draw.pick([11, 13, 18, 20]);
    const keepdims = draw.whole(0, 1);
    const values = { x: value(shape, -1, 1, draw.seed) };
    if (opset < (op === 'ReduceSum' ? 13 : 18)) {
      const told = asked.length > 0 ? { axes: asked } : {};
      return { nodes: grown(op, ['x'], { keepdims, ...told }), values, opset };
    }
    const nodes = grown(op, ['x', 'axes'], { keepdims, noop_with_empty_axes: draw.whole(0, 1) });
    return { nodes, values, opset, constants: [longs('axes', asked)] };
  },
  Pad: (draw) => {
    const shape = draw.shape(1, 4);
    const axes = draw.shuffled(axesOf(shape)).slice(0, draw.whole(1, shape.length));
    // Below 0, elements are cut off.
    const sizes = [...axes, ...axes].map((axis) => draw.whole((shape[axis] as number) > 2 ? -1 : 0, 2));
    const asked = axes.map((axis) => draw.axis(axis, shape.length));
    const constants = [longs('pads', sizes), longs('axes', asked)];
    const values = { x: value(shape, -1, 1, draw.seed) };
    return fedAtTimes(draw, { nodes: grown('Pad', ['x', 'pads', '', 'axes']), values, constants });
  },
  Gather: (draw) => {
    const shape = draw.shape(1, 4);
    const axis = draw.whole(0, shape.length - 1);
    const size = shape[axis] as number;
    const of = draw.shape(0, 3, 3);
    const places = Array.from({ length: countElements(of) }, () => draw.whole(-size, size - 1));
    const nodes = grown('Gather', ['x', 'at'], { axis: draw.axis(axis, shape.length) });
    const values = { x: value(shape, -1, 1, draw.seed) };
    return fedAtTimes(draw, { nodes, values, constants: [longs('at', places, of)] });
  },
  Slice: (draw) => {
    const shape = draw.shape(1, 4, 5);
    const parts = axesOf(shape).map((axis) => {
      const [size, step] = [shape[axis] as number, draw.pick([-3, -2, -1, 1, 2, 3])];
      const from = draw.whole(0, size - 1);
      const end = step > 0 ? draw.pick([size, 100, from + 1]) : draw.pick([-100, -size - 1]);
      return { axis: draw.axis(axis, shape.length), start: draw.axis(from, size), end, step };
    });
    const some = draw.shuffled(parts).slice(0, draw.whole(1, parts.length));
    const list = (name: string, of: (part: (typeof parts)[number]) => number) => longs(name, some.map(of));
    const constants: readonly OnnxTensor[] = [
      list('starts', ({ start }) => start),
      list('ends', ({ end }) => end),
      list('axes', ({ axis }) => axis),
      list('steps', ({ step }) => step),
    ];
    const nodes = grown('Slice', ['x', 'starts', 'ends', 'axes', 'steps']);
    return fedAtTimes(draw, { nodes, values: { x: value(shape, -1, 1, draw.seed) }, constants });
  },
  Gemm: (draw) => {
    const [rows, inner, columns] = [draw.whole(1, 4), draw.whole(1, 4), draw.whole(1, 4)];
    const [transA, transB] = [draw.whole(0, 1), draw.whole(0, 1)];
    const factor = () => ({ float: draw.pick([0.5, -2, 0]) });
    return {
      nodes: [node('Gemm', ['a', 'b', 'c'], { transA, transB, alpha: factor(), beta: factor() })],
      values: {
        a: value(transA ? [inner, rows] : [rows, inner], -1, 1, draw.seed),
        b: value(transB ? [columns, inner] : [inner, columns], -1, 1, draw.seed + 1),
        c: value(draw.partOf([rows, columns]), -1, 1, draw.seed + 2),
      },
    };
  },
};

/** Windows, of which the number of dimensions has to be known. */
const slid: Readonly<Record<string, (draw: Draw) => GradientCase>> = {
  Conv: (draw) => {
    const group = draw.pick([1, 1, 2, 3]);
    const [channels, kernels] = [draw.whole(1, 2), draw.whole(1, 2) * group];
    const kernel = draw.shape(1, 3, 3);
    const dilations = kernel.map(() => draw.whole(1, 2));
    const sizes = kernel.map((size, axis) => (size - 1) * (dilations[axis] as number) + 1 + draw.whole(0, 3));
    const auto = draw.pick(['NOTSET', 'NOTSET', 'VALID']);
    const pads = auto === 'VALID' ? {} : { pads: [...kernel, ...kernel].map(() => draw.whole(0, 2)) };
    const strides = kernel.map(() => draw.whole(1, 3));
    return {
      nodes: [node('Conv', ['x', 'w'], { kernel_shape: kernel, group, dilations, strides, auto_pad: auto, ...pads })],
      values: {
        x: whole([draw.whole(1, 2), channels * group, ...sizes], draw.seed),
        w: whole([kernels, channels, ...kernel], draw.seed + 1),
      },
      type: 'FP32',
      step: 1,
    };
  },
  MaxPool: (draw) => {
    const kernel = draw.shape(1, 3, 3);
    const isSideBySide = draw.isSo();
    const dilations = kernel.map(() => (isSideBySide ? 1 : draw.whole(1, 2)));
    const strides = isSideBySide ? kernel : kernel.map(() => draw.whole(1, 3));
    const sizes = kernel.map((size, axis) =>
      isSideBySide ? size * draw.whole(1, 3) : (size - 1) * (dilations[axis] as number) + 1 + draw.whole(0, 4),
    );
    const attributes = { kernel_shape: kernel, dilations, strides, storage_order: draw.whole(0, 1) };
    const values = { x: apart(draw, [draw.whole(1, 2), draw.whole(1, 2), ...sizes]) };
    return { nodes: [node('MaxPool', ['x'], attributes)], values, type: 'FP32', step: 0.5 };
  },
};

const shapes: readonly Told[] = ['sizes', 'ranks', 'nothing'];
test.each([
  ...Object.entries(draws).map(([name, draw]) => ({ name, draw, told: shapes })),
  ...Object.entries(slid).map(([name, draw]) => ({ name, draw, told: shapes.slice(0, 2) })),
])('$name, with options as they are drawn', async ({ draw, told }) => {
  for (let seed = 1; seed <= rounds; seed += 1) {
    const given = draw(new Draw(seed));
    for (const each of told) {
      const error = await gradientError(given, each);
      // A case that fails is told whole.
      if (!(error < worst)) expect({ error, told: each, given }).toBeUndefined();
    }
  }
});
