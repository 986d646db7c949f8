import { seededRandom } from '../../src/core/seeded-random.ts';
import { countElements } from '../../src/protocol/count-elements.ts';
import type { OnnxNode, OnnxTensor } from '../../test/fakes/onnx-builder.ts';
import { randomFloats } from '../models/random-floats.ts';

/** An operator at work, whose output is `y`. */
export interface RuleExample {
  readonly node: OnnxNode;
  /** What it is differentiated by. */
  readonly values: readonly OnnxTensor[];
  readonly constants: readonly OnnxTensor[];
}

type Shape = readonly number[];

interface Given {
  readonly shapes: readonly Shape[];
  readonly attributes?: NonNullable<OnnxNode['attributes']>;
  /** Lists of whole numbers, or other tensors, that come behind the values. */
  readonly constants?: readonly (readonly number[] | OnnxTensor)[];
  /** One that comes before them. */
  readonly condition?: OnnxTensor;
}

const table: Shape = [512, 512];
const tokens: Shape = [32, 32, 384];
const picture: Shape = [32, 16, 28, 28];
const pool = { kernel_shape: [2, 2], strides: [2, 2] };
const pair = { shapes: [table, table] };
const along = { shapes: [tokens], constants: [[1]] };
const random = seededRandom(4);
/** From 0.5 to 1.5, where all operators have a slope. */
const floats = (name: string, shape: Shape): OnnxTensor => {
  const values = randomFloats(countElements(shape), 0.5, random).map((value) => value + 1);
  return { name, datatype: 'FP32', shape, data: new Uint8Array(values.buffer) };
};
const wholes = (name: string, values: readonly number[], shape: Shape = [values.length]): OnnxTensor => ({
  name,
  datatype: 'INT64',
  shape,
  data: new Uint8Array(BigInt64Array.from(values, BigInt).buffer),
});
const upTo = (length: number) => Array.from({ length }, (_item, at) => at);

/** Of the operators that take more than one value of 512 by 512. */
const others: Readonly<Record<string, Given>> = {
  Add: { shapes: [tokens, [384]] },
  Sub: pair,
  Mul: pair,
  Div: pair,
  Pow: pair,
  Max: pair,
  Min: pair,
  Sum: pair,
  Where: {
    ...pair,
    condition: {
      name: 'holds',
      datatype: 'BOOL',
      shape: table,
      data: Uint8Array.from(upTo(countElements(table)), (at) => at % 2),
    },
  },
  Expand: { shapes: [[512, 1]], constants: [[512, 512]] },
  Cast: { shapes: [table], attributes: { to: 11 } },
  CastLike: { shapes: [table], constants: [floats('like', [])] },
  Clip: { shapes: [table], constants: [floats('least', []), floats('most', [])] },
  MatMul: { shapes: [tokens, [384, 384]] },
  Gemm: { shapes: [table, table, [512]] },
  ReduceSum: along,
  ReduceMean: along,
  ReduceMax: along,
  ReduceMin: along,
  ReduceL2: along,
  Reshape: { shapes: [tokens], constants: [[-1, 384]] },
  Squeeze: { shapes: [[512, 1, 512]], constants: [[1]] },
  Unsqueeze: along,
  Transpose: { shapes: [[32, 32, 12, 32]], attributes: { perm: [0, 2, 1, 3] } },
  Concat: { ...pair, attributes: { axis: 0 } },
  Split: { shapes: [table], attributes: { num_outputs: 1 } },
  Pad: { shapes: [table], constants: [[1, 1, 1, 1]] },
  Gather: { shapes: [table], constants: [upTo(1024).map((at) => (at * 7) % 512)] },
  GatherElements: {
    shapes: [table],
    constants: [
      wholes(
        'places',
        upTo(countElements(table)).map((at) => at % 512),
        table,
      ),
    ],
  },
  Slice: {
    shapes: [table],
    constants: [
      [0, 0],
      [512, 256],
    ],
  },
  LayerNormalization: { shapes: [tokens, [384], [384]] },
  BatchNormalization: { shapes: [picture, [16], [16]], constants: [floats('mean', [16]), floats('variance', [16])] },
  Conv: { shapes: [picture, [32, 16, 3, 3], [32]], attributes: { kernel_shape: [3, 3], pads: [1, 1, 1, 1] } },
  MaxPool: { shapes: [picture], attributes: pool },
  AveragePool: { shapes: [picture], attributes: pool },
  GlobalAveragePool: { shapes: [picture] },
  GlobalMaxPool: { shapes: [picture] },
};

/** An operator with values of the sizes that it has in a small network. */
export function ruleExample(op: string): RuleExample {
  const { shapes, attributes = {}, constants: given = [], condition }: Given = others[op] ?? { shapes: [table] };
  const values = shapes.map((shape, at) => floats(`value${at}`, shape));
  const behind = given.map((each, at) => ('name' in each ? each : wholes(`wholes${at}`, each)));
  const before = condition ? [condition] : [];
  const inputs = [...before, ...values, ...behind].map(({ name }) => name);
  return { node: { op, inputs, outputs: ['y'], attributes }, values, constants: [...before, ...behind] };
}
