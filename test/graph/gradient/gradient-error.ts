import { backPropagate } from '../../../src/graph/gradient/back-propagate.ts';
import { builtModel } from '../../../src/graph/gradient/built-model.ts';
import { forwardGraph } from '../../../src/graph/gradient/forward-graph.ts';
import { wayBack } from '../../../src/graph/gradient/way-back.ts';
import { readModel } from '../../../src/graph/read-model.ts';
import type { FixedTensor } from '../../../src/protocol/tensor.ts';
import { bytesAccess } from '../../fakes/bytes-access.ts';
import { buildOnnx, type OnnxNode, type OnnxTensor } from '../../fakes/onnx-builder.ts';
import { OpenModel } from './open-model.ts';
import { type FloatType, tensorOf, valuesOf } from './tensors.ts';

/** A value to differentiate by, or of another type, that is only fed. */
export interface GivenValue {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

export interface GradientCase {
  readonly nodes: readonly OnnxNode[];
  /** By name; the value `y` is differentiated by each of them. */
  readonly values: Readonly<Record<string, GivenValue>>;
  /** What is fed and not differentiated by. */
  readonly others?: Readonly<Record<string, FixedTensor>>;
  readonly constants?: readonly OnnxTensor[];
  /** @default FP64 */
  readonly type?: FloatType;
  /** How far to both sides a value is moved. @default 1e-5 */
  readonly step?: number;
  /** y by x, where the runtime has no kernel of FP64. */
  readonly reference?: (x: number) => number;
  readonly opset?: number;
  /** The gradients that are right, by name. @default central differences */
  readonly truth?: Readonly<Record<string, readonly number[]>>;
}

/** What a model says of the sizes of its inputs: all, only how many there are, or nothing. */
export type Told = 'sizes' | 'ranks' | 'nothing';

/** What is right of a case, however much its model says. */
interface Right {
  /** Of y. */
  readonly shape: readonly number[];
  /** The gradients by name, as they were asked for. */
  readonly slopes: Map<string, readonly number[]>;
}

const known = new WeakMap<GradientCase, Right>();

/**
 * The largest difference between gradients of Σ seed · y, with seeds of −1.5, −0.5 and 0.5 in turns, as rules have them
 * and those that are right, as a part of the largest entry.
 */
export async function gradientError(given: GradientCase, told: Told = 'sizes'): Promise<number> {
  const {
    nodes,
    values,
    others = {},
    constants = [],
    type = 'FP64',
    step = 1e-5,
    opset = 20,
    reference,
    truth,
  } = given;
  const shapeOf = (name: string, shape: readonly number[]) =>
    told === 'sizes' ? { shape } : told === 'ranks' ? { shape: shape.map((_size, axis) => `${name}${axis}`) } : {};
  const inputs = [
    ...Object.entries(values).map(([name, { shape }]) => ({ name, datatype: type, ...shapeOf(name, shape) })),
    ...Object.entries(others).map(([name, { datatype, shape }]) => ({ name, datatype, ...shapeOf(name, shape) })),
  ];
  const bytes = buildOnnx({ inputs, outputs: [{ name: 'y', datatype: type }], nodes, initializers: constants, opset });
  const model = await readModel(bytesAccess(bytes));
  const { graph, inputs: asked } = forwardGraph(model, 'y', () => false);
  graph.declare('seed', graph.type('y'));
  const names = Object.keys(values);
  const gradients = backPropagate(graph, wayBack(graph, 'y', names), 'seed');
  const outputs = ['y', ...gradients.values()].filter((name) => name !== 'seed');
  const built = builtModel(
    graph,
    [...asked, graph.value('seed')],
    [...new Set(outputs)].map((name) => ({ name })),
    model,
  );
  const open = await OpenModel.open(built);
  try {
    const feeds = (moved = values) => ({
      ...Object.fromEntries(
        Object.entries(moved).map(([name, { shape, values: each }]) => [name, tensorOf(type, shape, each)]),
      ),
      ...others,
    });
    const right = known.get(given) ?? { shape: await shapeOfOutput(model, feeds()), slopes: new Map() };
    known.set(given, right);
    const { shape, slopes } = right;
    const weights = Array.from({ length: shape.reduce((all, size) => all * size, 1) }, (_item, at) => (at % 3) - 1.5);
    const seed = tensorOf(type, shape, weights);
    const results: Record<string, FixedTensor> = { ...(await open.run({ ...feeds(), seed })), seed };
    const loss = async (moved: typeof values) => {
      const each = reference
        ? (moved.x?.values ?? []).map(reference)
        : valuesOf((await open.run({ ...feeds(moved), seed })).y as FixedTensor);
      return each.reduce((sum, value, at) => sum + value * (weights[at] as number), 0);
    };
    let worst = 0;
    for (const name of names) {
      const ours = valuesOf(results[gradients.get(name) ?? ''] as FixedTensor);
      const { shape: own, values: at } = values[name] as GivenValue;
      const differences = async () => {
        const found: number[] = [];
        for (const index of at.keys()) {
          const moved = (by: number) => ({
            ...values,
            [name]: { shape: own, values: at.with(index, (at[index] ?? 0) + by) },
          });
          found.push(((await loss(moved(step))) - (await loss(moved(-step)))) / (2 * step));
        }
        return found;
      };
      const theirs: readonly number[] = truth?.[name] ?? slopes.get(name) ?? (await differences());
      slopes.set(name, theirs);
      if (ours.length !== theirs.length)
        throw new Error(`expected ${theirs.length} elements by ${name}, got ${ours.length}`);
      const largest = Math.max(...theirs.map(Math.abs), 1e-3);
      worst = Math.max(worst, ...theirs.map((one, index) => Math.abs(one - (ours[index] ?? 0)) / largest));
      if (ours.some(Number.isNaN)) return Number.NaN;
    }
    return worst;
  } finally {
    await open.release();
  }
}

async function shapeOfOutput(model: Parameters<typeof OpenModel.open>[0], feeds: Parameters<OpenModel['run']>[0]) {
  const open = await OpenModel.open(model);
  try {
    return ((await open.run(feeds)).y as FixedTensor).shape;
  } finally {
    await open.release();
  }
}
