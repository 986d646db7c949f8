import { countElements } from '../../protocol/count-elements.ts';
import { dataTypes } from '../data-types.ts';
import type { OnnxNode } from '../onnx-model.ts';
import { operatorOf } from '../operator-of.ts';
import { attributeOf } from './attribute-of.ts';
import { broadcastShapes } from './broadcast-shapes.ts';
import { integersOf } from './integers-of.ts';
import { slidingTypes } from './sliding-types.ts';
import type { TypeRule } from './type-rule.ts';
import type { Dimension, ValueType } from './value-type.ts';

const { whole, wholes } = attributeOf;

/** Counted from the front. */
const front = (axis: number, rank: number) => (axis < 0 ? axis + rank : axis);
const numbersOf = (type: ValueType | undefined): readonly number[] | undefined =>
  type?.elements?.every((each) => typeof each === 'number') ? (type.elements as readonly number[]) : undefined;
const product = (sizes: readonly Dimension[]): Dimension => {
  if (sizes.includes(0)) return 0;
  const rest = sizes.filter((size) => size !== 1);
  if (rest.length <= 1) return rest.length === 0 ? 1 : rest[0];
  return rest.every((size) => typeof size === 'number') ? countElements(rest as number[]) : undefined;
};
/** What is left of the product of `sizes` once the sizes `known` are divided out; the same name cancels. */
const quotient = (sizes: readonly Dimension[], known: readonly Dimension[]): Dimension => {
  const left = [...sizes];
  let divisor = 1;
  for (const size of known) {
    const at = left.indexOf(size);
    if (size !== undefined && at >= 0) left.splice(at, 1);
    else if (typeof size === 'number' && size > 0) divisor *= size;
    else return undefined;
  }
  const numbers = countElements(left.filter((size) => typeof size === 'number')) / divisor;
  const [name, ...others] = left.filter((size) => typeof size !== 'number');
  if (name === undefined) return left.includes(undefined) ? undefined : numbers;
  return numbers === 1 && others.length === 0 ? name : undefined;
};

/** Of values of one type, what is known of one is known of all. */
const typeOf = (inputs: readonly (ValueType | undefined)[]) =>
  inputs.find((input) => input?.dataType !== undefined)?.dataType;

const first: TypeRule = (_node, [x]) => [{ dataType: x?.dataType, shape: x?.shape }];
const kept: TypeRule = (_node, [x]) => [x ?? {}];
const broadcast: TypeRule = (_node, inputs) => [
  { dataType: typeOf(inputs), shape: broadcastShapes(inputs.map((input) => input?.shape)) },
];
const compared: TypeRule = (_node, inputs) => [
  { dataType: dataTypes.BOOL, shape: broadcastShapes(inputs.map((input) => input?.shape)) },
];
const power: TypeRule = (_node, inputs) => [
  { dataType: inputs[0]?.dataType, shape: broadcastShapes(inputs.map((input) => input?.shape)) },
];
const where: TypeRule = (_node, inputs) => [
  { dataType: typeOf(inputs.slice(1)), shape: broadcastShapes(inputs.map((input) => input?.shape)) },
];
const cast: TypeRule = (node, [x]) => [{ ...x, dataType: whole(node, 'to') }];

const reduced = (node: OnnxNode, [x, given]: readonly (ValueType | undefined)[]): ValueType => {
  const { dataType, shape } = x ?? {};
  const axes = given ? numbersOf(given) : wholes(node, 'axes');
  const isWithout = given ? given.shape?.[0] === 0 : !axes;
  if (isWithout && whole(node, 'noop_with_empty_axes') === 1) return { dataType, shape };
  if (!shape || (given && !axes)) return { dataType };
  const gone = axes && axes.length > 0 ? axes.map((axis) => front(axis, shape.length)) : shape.map((_, axis) => axis);
  const keeps = whole(node, 'keepdims') !== 0;
  return {
    dataType,
    shape: shape.flatMap((size, axis) => (gone.includes(axis) ? (keeps ? [1] : []) : [size])),
  };
};
const reduce: TypeRule = (node, inputs) => [reduced(node, inputs)];
const argReduce: TypeRule = (node, [x]) => {
  const axis = front(whole(node, 'axis') ?? 0, x?.shape?.length ?? 0);
  const keeps = whole(node, 'keepdims') !== 0;
  const shape = x?.shape?.flatMap((size, at) => (at === axis ? (keeps ? [1] : []) : [size]));
  return [{ dataType: dataTypes.INT64, shape }];
};

const matMul: TypeRule = (_node, [a, b]) => {
  const [left, right, dataType] = [a?.shape, b?.shape, typeOf([a, b])];
  if (!left || !right || left.length < 2 || right.length < 2) return [{ dataType }];
  const batch = broadcastShapes([left.slice(0, -2), right.slice(0, -2)]) ?? [];
  return [{ dataType, shape: [...batch, left.at(-2), right.at(-1)] }];
};
const gemm: TypeRule = (node, [a, b]) => [
  {
    dataType: typeOf([a, b]),
    shape: [a?.shape?.[whole(node, 'transA') ? 1 : 0], b?.shape?.[whole(node, 'transB') ? 0 : 1]],
  },
];

const reshape: TypeRule = (node, [x, target]) => {
  const dataType = x?.dataType;
  if (!target?.elements) {
    const rank = target?.shape?.[0];
    return [{ dataType, shape: typeof rank === 'number' ? Array.from({ length: rank }, () => undefined) : undefined }];
  }
  const copies = !whole(node, 'allowzero');
  const asked = target.elements.map((size, axis) => (size === 0 && copies ? x?.shape?.[axis] : size));
  const given = asked.filter((size) => size !== -1);
  return [{ dataType, shape: asked.map((size) => (size === -1 ? x?.shape && quotient(x.shape, given) : size)) }];
};
const flatten: TypeRule = (node, [x]) => {
  if (!x?.shape) return [{ dataType: x?.dataType, shape: [undefined, undefined] }];
  const axis = front(whole(node, 'axis') ?? 1, x.shape.length);
  return [{ dataType: x.dataType, shape: [product(x.shape.slice(0, axis)), product(x.shape.slice(axis))] }];
};
const transpose: TypeRule = (node, [x]) => {
  const perm = wholes(node, 'perm');
  const shape = x?.shape && (perm ? perm.map((axis) => x.shape?.[axis]) : x.shape.toReversed());
  return [{ dataType: x?.dataType, shape }];
};
const unsqueeze: TypeRule = (_node, [x, given]) => {
  const axes = numbersOf(given);
  if (!x?.shape || !axes) return [{ dataType: x?.dataType }];
  const rank = x.shape.length + axes.length;
  const added = axes.map((axis) => front(axis, rank));
  const left = [...x.shape];
  const shape = Array.from({ length: rank }, (_item, axis) => (added.includes(axis) ? 1 : left.shift()));
  return [{ dataType: x.dataType, shape, elements: x.elements }];
};
const squeeze: TypeRule = (_node, [x, given]) => {
  const axes = numbersOf(given);
  if (!x?.shape || !axes) return [{ dataType: x?.dataType }];
  const gone = axes.map((axis) => front(axis, x.shape?.length ?? 0));
  return [{ dataType: x.dataType, shape: x.shape.filter((_size, axis) => !gone.includes(axis)), elements: x.elements }];
};
const concat: TypeRule = (node, inputs) => {
  const shapes = inputs.map((input) => input?.shape);
  const dataType = typeOf(inputs);
  const known = shapes.find((shape) => shape);
  if (!known) return [{ dataType }];
  const axis = front(whole(node, 'axis') ?? 0, known.length);
  const along = shapes.map((shape) => shape?.[axis]);
  const total = along.every((size) => typeof size === 'number')
    ? along.reduce((sum, size) => sum + size, 0)
    : undefined;
  const shape = known.map((size, at) =>
    at === axis ? total : (shapes.map((each) => each?.[at]).find((each) => typeof each === 'number') ?? size),
  );
  const isListed = known.length === 1 && inputs.every((input) => input?.elements);
  return [{ dataType, shape, elements: isListed ? inputs.flatMap((input) => input?.elements ?? []) : undefined }];
};
const split: TypeRule = (node, [x, given]) => {
  const rank = x?.shape?.length ?? 0;
  const axis = front(whole(node, 'axis') ?? 0, rank);
  const size = x?.shape?.[axis];
  const count = node.outputs.length;
  const even = typeof size === 'number' ? Math.ceil(size / count) : undefined;
  const sizes = given
    ? (numbersOf(given) ?? [])
    : node.outputs.map((_name, at) => (even === undefined ? undefined : Math.min(even, (size as number) - at * even)));
  return node.outputs.map((_name, part) => ({
    dataType: x?.dataType,
    shape: x?.shape?.map((each, at) => (at === axis ? sizes[part] : each)),
  }));
};
const gather: TypeRule = (node, [x, indices]) => {
  if (!x?.shape || !indices?.shape) return [{ dataType: x?.dataType }];
  const axis = front(whole(node, 'axis') ?? 0, x.shape.length);
  const places = numbersOf(indices);
  const elements = x.shape.length === 1 ? x.elements : undefined;
  return [
    {
      dataType: x.dataType,
      shape: [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)],
      elements: places && elements && places.map((place) => elements.at(place)),
    },
  ];
};
const slice: TypeRule = (_node, [x, ...given]) => {
  if (!x?.shape) return [{ dataType: x?.dataType }];
  const rank = x.shape.length;
  const [starts, ends, axes, steps] = given.map(numbersOf);
  const at = given[2] ? axes?.map((axis) => front(axis, rank)) : starts?.map((_start, axis) => axis);
  const shape = x.shape.map((size, axis) => {
    const part = at ? at.indexOf(axis) : undefined;
    if (part === -1) return size;
    const [start, end, step = 1] = [starts?.[part ?? 0], ends?.[part ?? 0], given[3] ? steps?.[part ?? 0] : 1];
    if (part === undefined || typeof size !== 'number' || start === undefined || end === undefined) return undefined;
    const within = (at: number) => Math.min(size, at < 0 ? Math.max(0, at + size) : at);
    return step === 1 ? Math.max(0, within(end) - within(start)) : undefined;
  });
  const isPlain = rank === 1 && starts && ends && (!given[3] || steps?.[0] === 1);
  return [{ dataType: x.dataType, shape, elements: isPlain ? x.elements?.slice(starts[0], ends[0]) : undefined }];
};
const pad: TypeRule = (_node, [x, given, , axes]) => {
  const pads = axes ? undefined : numbersOf(given);
  const rank = x?.shape?.length ?? 0;
  const sized = x?.shape?.map((size, axis) => {
    const added = pads && (pads[axis] ?? 0) + (pads[axis + rank] ?? 0);
    return added === 0 ? size : typeof size === 'number' && added !== undefined ? size + added : undefined;
  });
  return [{ dataType: x?.dataType, shape: sized }];
};
const expand: TypeRule = (_node, [x, target]) => {
  const rank = target?.shape?.[0];
  const asked =
    target?.elements ?? (typeof rank === 'number' ? Array.from({ length: rank }, () => undefined) : undefined);
  return [{ dataType: x?.dataType, shape: broadcastShapes([x?.shape, asked]) }];
};
const shape: TypeRule = (node, [x]) => {
  const sizes = x?.shape?.slice(whole(node, 'start') ?? 0, whole(node, 'end') ?? x.shape.length);
  return [{ dataType: dataTypes.INT64, shape: [sizes?.length], elements: sizes }];
};
const constantOfShape: TypeRule = (node, [sizes]) => {
  const value = node.attributes.get('value');
  const dataType = value?.kind === 'tensor' ? value.value.dataType : dataTypes.FLOAT;
  const rank = sizes?.shape?.[0];
  const free = typeof rank === 'number' ? Array.from({ length: rank }, () => undefined) : undefined;
  return [{ dataType, shape: sizes?.elements ?? free }];
};
const constant: TypeRule = (node) => {
  const value = node.attributes.get('value');
  if (value?.kind !== 'tensor') return [{}];
  return [{ dataType: value.value.dataType, shape: value.value.shape, elements: integersOf(value.value) }];
};
const layerNormalization: TypeRule = (node, [x, scale]) => {
  const rank = x?.shape?.length ?? 0;
  const axis = front(whole(node, 'axis') ?? -1, rank);
  const statistics = { dataType: dataTypes.FLOAT, shape: x?.shape?.map((size, at) => (at < axis ? size : 1)) };
  return [{ dataType: typeOf([x, scale]), shape: x?.shape }, statistics, statistics];
};

const each = (rule: TypeRule, ...operators: readonly string[]) =>
  Object.fromEntries(operators.map((operator) => [operator, rule]));

const rules: Readonly<Record<string, TypeRule>> = {
  ...each(kept, 'Identity'),
  ...each(
    first,
    'Abs',
    'Neg',
    'Exp',
    'Log',
    'Sqrt',
    'Sigmoid',
    'Tanh',
    'Erf',
    'Gelu',
    'Relu',
    'LeakyRelu',
    'Clip',
    'Sign',
  ),
  ...each(
    first,
    'Reciprocal',
    'Softmax',
    'LogSoftmax',
    'BatchNormalization',
    'LpNormalization',
    'Dropout',
    'Not',
    'Elu',
  ),
  ...each(first, 'ScatterElements', 'ScatterND', 'Softplus', 'HardSigmoid', 'HardSwish', 'Floor', 'Ceil', 'Round'),
  ...each(broadcast, 'Add', 'Sub', 'Mul', 'Div', 'Max', 'Min', 'Sum', 'Mean', 'Mod'),
  ...each(compared, 'Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual', 'And', 'Or', 'Xor'),
  ...each(
    reduce,
    'ReduceSum',
    'ReduceMean',
    'ReduceMax',
    'ReduceMin',
    'ReduceProd',
    'ReduceL1',
    'ReduceL2',
    'ReduceSumSquare',
  ),
  ...each(argReduce, 'ArgMax', 'ArgMin'),
  ...slidingTypes,
  Pow: power,
  Where: where,
  Cast: cast,
  CastLike: (_node, [x, like]) => [{ dataType: like?.dataType, shape: x?.shape }],
  MatMul: matMul,
  Gemm: gemm,
  Reshape: reshape,
  Flatten: flatten,
  Transpose: transpose,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Concat: concat,
  Split: split,
  Gather: gather,
  Slice: slice,
  Expand: expand,
  Pad: pad,
  GatherElements: (_node, [x, indices]) => [{ dataType: x?.dataType, shape: indices?.shape }],
  Shape: shape,
  Size: () => [{ dataType: dataTypes.INT64, shape: [] }],
  ConstantOfShape: constantOfShape,
  Constant: constant,
  Range: (_node, [start]) => [{ dataType: start?.dataType, shape: [undefined] }],
  LayerNormalization: layerNormalization,
  // What scikit-learn's models begin with.
  'ai.onnx.ml.Scaler': (_node, [x]) => [{ dataType: dataTypes.FLOAT, shape: x?.shape }],
};

/**
 * What is known of the outputs of a node by what is known of its inputs; of operators that have no rule here, nothing
 * is.
 */
export function inferTypes(node: OnnxNode, inputs: readonly (ValueType | undefined)[]): readonly ValueType[] {
  const operator = operatorOf(node);
  return Object.hasOwn(rules, operator) ? (rules[operator]?.(node, inputs) ?? []) : [];
}
