import { knownNumbers } from './known-numbers.ts';
import type { GraphNode } from './main-graph.ts';
import { nodeAxes } from './node-axes.ts';
import type { RowInputs, RowRule } from './row-rule.ts';
import type { RowValue, Size } from './row-value.ts';
import { sameForRows } from './same-for-rows.ts';

const rows = (rank: number): RowValue => ({ kind: 'rows', rank });

function rankOf(value: RowValue | undefined): number | undefined {
  return value?.kind === 'rows' ? value.rank : undefined;
}

function areSame(values: RowInputs): boolean {
  return values.every((value) => !value || value.kind === 'same');
}

function fromFront(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

/** The attribute `axis`, counted from the front. */
function axisOf(node: GraphNode, byDefault: number, rank: number): number {
  return fromFront(node.integers.get('axis')?.[0] ?? byDefault, rank);
}

/** Of the first input; the others are not given, or the same for all. */
const followsFirst: RowRule = (_node, [first, ...others]) => {
  const rank = rankOf(first);
  return rank !== undefined && areSame(others) ? [rows(rank)] : undefined;
};

/** Spread over one another, element by element: values of the same rank, and tensors that are the same for each row. */
const broadcast: RowRule = (_node, inputs) => {
  const rank = inputs.map(rankOf).find((each) => each !== undefined);
  if (rank === undefined) return undefined;
  return inputs.every((input) => rankOf(input) === rank || sameForRows(input, rank)) ? [rows(rank)] : undefined;
};

/** Works along an axis of the first input that is not that of the rows; the shape stays. */
const alongAxis =
  (byDefault: (opset: number) => number): RowRule =>
  (node, inputs, opset) => {
    const results = followsFirst(node, inputs, opset);
    const rank = rankOf(results?.[0]) ?? 0;
    return rank >= 2 && axisOf(node, byDefault(opset), rank) >= 1 ? results : undefined;
  };

/**
 * Takes axes together, none of which is that of the rows: one that the attribute `axis` names, or any that `axes` does.
 */
const reduce =
  (name: 'axes' | 'axis'): RowRule =>
  (node, [first, given]) => {
    const rank = rankOf(first);
    if (rank === undefined) return undefined;
    const axis = node.integers.get('axis')?.map((each) => fromFront(each, rank));
    const axes = name === 'axis' ? axis : nodeAxes(node, given, rank);
    // Without axes all are taken together.
    if (!axes || axes.length === 0 || axes.some((each) => each < 1)) return undefined;
    return [rows(node.integers.get('keepdims')?.[0] === 0 ? rank - axes.length : rank)];
  };

const matMul: RowRule = (_node, [a, b, ...zeroPoints]) => {
  // Those of MatMulInteger may be one for each row.
  const areScalars = zeroPoints.every((each) => !each || (each.kind === 'same' && each.shape?.length === 0));
  if (!a || !b || !areScalars) return undefined;
  const [left, right] = [rankOf(a), rankOf(b)];
  if (left !== undefined && right !== undefined) return left > 2 && right === left ? [rows(left)] : undefined;
  if (left === undefined) {
    const isMatrix = a.kind === 'same' && a.shape?.length === 2;
    return isMatrix && right !== undefined && right > 2 ? [rows(right)] : undefined;
  }
  const shape = b.kind === 'same' ? b.shape : undefined;
  if (left < 2 || !shape) return undefined;
  if (shape.length === 1) return [rows(left - 1)];
  const isSpread = shape.length === 2 || (left > 2 && sameForRows(b, left));
  return isSpread ? [rows(left)] : undefined;
};

const gemm: RowRule = (node, [a, b, c]) => {
  const isOfRows = rankOf(a) === 2 && !node.integers.get('transA')?.[0] && b?.kind === 'same';
  return isOfRows && (!c || sameForRows(c, 2)) ? [rows(2)] : undefined;
};

/** Slides over the dimensions after rows and channels. */
const slide: RowRule = (node, inputs, opset) => {
  const results = followsFirst(node, inputs, opset);
  return (rankOf(results?.[0]) ?? 0) >= 3 && node.outputs.length === 1 ? results : undefined;
};

/** By the mean and the like of each row, then scaled by what is the same for all. */
const normalization: RowRule = (node, inputs, opset) => {
  const [first, ...scales] = inputs;
  const rank = rankOf(first) ?? 0;
  const areSpread = scales.every((scale) => !scale || sameForRows(scale, rank));
  return areSpread ? alongAxis(() => -1)(node, inputs, opset) : undefined;
};

const batchNormalization: RowRule = (node, inputs, opset) => {
  // Training takes mean and variance of the whole batch; before opset 14 it showed in further outputs.
  const isTraining = node.integers.get('training_mode')?.[0] || node.outputs.length > 1 || opset < 9;
  return isTraining ? undefined : alongAxis(() => 1)(node, inputs, opset);
};

/** By scales that are the same for all, or one for each channel. */
const quantize: RowRule = (node, inputs, opset) => {
  const scale = inputs[1];
  const rank = scale?.kind === 'same' ? scale.shape?.length : undefined;
  if (rank === 0) return followsFirst(node, inputs, opset);
  return rank === 1 ? alongAxis(() => 1)(node, inputs, opset) : undefined;
};

const dropout: RowRule = (node, inputs, opset) =>
  // What is trained is named by the third input.
  inputs.length < 3 && node.outputs.length === 1 ? followsFirst(node, inputs, opset) : undefined;

const flatten: RowRule = (node, [first]) => {
  const rank = rankOf(first);
  return rank !== undefined && rank > 1 && axisOf(node, 1, rank) === 1 ? [rows(2)] : undefined;
};

const transpose: RowRule = (node, [first]) => {
  const rank = rankOf(first);
  return rank !== undefined && node.integers.get('perm')?.[0] === 0 ? [rows(rank)] : undefined;
};

const concat: RowRule = (node, inputs) => {
  const rank = rankOf(inputs[0]);
  const areAlike = rank !== undefined && inputs.every((input) => rankOf(input) === rank);
  return areAlike && axisOf(node, 0, rank) >= 1 ? [rows(rank)] : undefined;
};

const split: RowRule = (node, inputs, opset) => {
  const results = alongAxis(() => 0)(node, inputs, opset);
  return results && node.outputs.map(() => results[0] as RowValue);
};

/** The best of each row, and where they are. */
const topK: RowRule = (node, inputs, opset) => {
  const results = alongAxis(() => -1)(node, inputs, opset);
  return results && [...results, ...results];
};

const cumulate: RowRule = (_node, [first, axis]) => {
  const rank = rankOf(first);
  const [along] = knownNumbers(axis) ?? [];
  return rank !== undefined && along !== undefined && fromFront(along, rank) >= 1 ? [rows(rank)] : undefined;
};

const slice: RowRule = (node, [first, starts, ends, axes, steps], opset) => {
  const rank = rankOf(first);
  if (rank === undefined || !areSame([starts, ends, axes, steps]) || opset < 10) return undefined;
  const along = axes && nodeAxes(node, axes, rank);
  return along?.every((axis) => axis >= 1) ? [rows(rank)] : undefined;
};

const pad: RowRule = (_node, [first, pads, value, axes]) => {
  const rank = rankOf(first);
  const sizes = knownNumbers(pads);
  const isApart = rank !== undefined && !axes && areSame([value]) && sizes?.length === 2 * rank;
  return isApart && sizes[0] === 0 && sizes[rank] === 0 ? [rows(rank)] : undefined;
};

/** The elements that a shape asks for; undefined where not all that is asked of it is known. */
function sizesOf(shape: RowValue | undefined): readonly Size[] | undefined {
  return shape?.kind === 'rows' ? undefined : shape?.numbers;
}

/** Each row is another's neighbour in memory: it stays whole where the first size stays that of the rows. */
const reshape: RowRule = (node, [first, shape]) => {
  const sizes = sizesOf(shape);
  if (rankOf(first) === undefined || !sizes || sizes.slice(1).includes('rows')) return undefined;
  const isKept = sizes[0] === 'rows' || (sizes[0] === 0 && !node.integers.get('allowzero')?.[0]);
  return isKept ? [rows(sizes.length)] : undefined;
};

const expand: RowRule = (_node, [first, shape]) => {
  const rank = rankOf(first);
  const sizes = sizesOf(shape);
  if (rank === undefined || !sizes || sizes.length > rank || sizes.slice(1).includes('rows')) return undefined;
  const isOfRows = sizes.length < rank ? !sizes.includes('rows') : sizes[0] === 1 || sizes[0] === 'rows';
  return isOfRows ? [rows(rank)] : undefined;
};

const unsqueeze: RowRule = (node, [first, given]) => {
  const rank = rankOf(first);
  const count = (given ? knownNumbers(given) : node.integers.get('axes'))?.length;
  if (rank === undefined || count === undefined) return undefined;
  return nodeAxes(node, given, rank + count)?.every((axis) => axis >= 1) ? [rows(rank + count)] : undefined;
};

const squeeze: RowRule = (node, [first, given]) => {
  const rank = rankOf(first);
  const axes = rank === undefined ? undefined : nodeAxes(node, given, rank);
  return rank !== undefined && axes?.every((axis) => axis >= 1) ? [rows(rank - axes.length)] : undefined;
};

/** Looks rows of indices up in a table that is the same for all, or the same columns of each row. */
const gather: RowRule = (node, [data, indices]) => {
  if (!data || !indices || data.kind === 'sizes' || indices.kind === 'sizes') return undefined;
  if (data.kind === 'same') {
    const rank = data.shape?.length ?? 0;
    const isLookup = indices.kind === 'rows' && axisOf(node, 0, rank) === 0 && rank > 0;
    return isLookup ? [rows(indices.rank + rank - 1)] : undefined;
  }
  if (indices.kind === 'rows' || !indices.shape || axisOf(node, 0, data.rank) < 1) return undefined;
  return [rows(data.rank - 1 + indices.shape.length)];
};

/** Of each row, the elements that the indices of the same row name. */
const gatherElements: RowRule = (node, [data, indices]) => {
  const rank = rankOf(data);
  const isApart = rank !== undefined && rankOf(indices) === rank && axisOf(node, 0, rank) >= 1;
  return isApart ? [rows(rank)] : undefined;
};

/** Of ai.onnx.ml: takes a matrix whose rows are samples, and gives as many dimensions as are said for each output. */
const samples =
  (...ranks: readonly number[]): RowRule =>
  (_node, inputs) =>
    inputs.length === 1 && rankOf(inputs[0]) === 2 ? ranks.map(rows) : undefined;

const named = (rule: RowRule, operators: string) => operators.split(' ').map((name): [string, RowRule] => [name, rule]);

const softmaxAxis = (opset: number) => (opset < 13 ? 1 : -1);

const rules = new Map<string, RowRule>([
  ...named(followsFirst, 'Abs Acos Acosh Asin Asinh Atan Atanh BitwiseNot Cast Ceil Celu Clip Cos Cosh Elu Erf Exp'),
  ...named(followsFirst, 'Floor Gelu HardSigmoid HardSwish Identity IsInf IsNaN LeakyRelu Log Mish Neg Not Reciprocal'),
  ...named(followsFirst, 'Relu Round Selu Sigmoid Sign Sin Sinh Softplus Softsign Sqrt Swish Tan Tanh ThresholdedRelu'),
  ...named(
    broadcast,
    'Add And Div Equal Greater GreaterOrEqual Less LessOrEqual Max Mean Min Mod Mul Or PRelu Pow Sub',
  ),
  ...named(broadcast, 'Sum Where Xor'),
  ...named(alongAxis(softmaxAxis), 'Softmax LogSoftmax Hardmax'),
  ...named(normalization, 'LayerNormalization LpNormalization RMSNormalization'),
  ...named(reduce('axis'), 'ArgMax ArgMin'),
  ...named(reduce('axes'), 'ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd'),
  ...named(reduce('axes'), 'ReduceSum ReduceSumSquare'),
  ...named(slide, 'AveragePool Conv ConvInteger ConvTranspose DepthToSpace GlobalAveragePool GlobalMaxPool'),
  ...named(slide, 'InstanceNormalization LRN MaxPool QLinearConv SpaceToDepth Trilu'),
  ...named(matMul, 'MatMul MatMulInteger'),
  ...named(quantize, 'DequantizeLinear QuantizeLinear'),
  ['BatchNormalization', batchNormalization],
  ['Concat', concat],
  ['CumSum', cumulate],
  ['Dropout', dropout],
  ['Expand', expand],
  ['Flatten', flatten],
  ['Gather', gather],
  ['GatherElements', gatherElements],
  ['Gemm', gemm],
  ['Pad', pad],
  ['Reshape', reshape],
  ['Slice', slice],
  ['Split', split],
  ['Squeeze', squeeze],
  ['TopK', topK],
  ['Transpose', transpose],
  ['Unsqueeze', unsqueeze],
  ...named(samples(2), 'ai.onnx.ml.Imputer ai.onnx.ml.Normalizer ai.onnx.ml.Scaler ai.onnx.ml.LinearRegressor'),
  ...named(samples(2), 'ai.onnx.ml.SVMRegressor ai.onnx.ml.TreeEnsembleRegressor'),
  ...named(samples(1, 2), 'ai.onnx.ml.LinearClassifier ai.onnx.ml.SVMClassifier ai.onnx.ml.TreeEnsembleClassifier'),
  ...named(followsFirst, 'ai.onnx.ml.Binarizer ai.onnx.ml.LabelEncoder ai.onnx.ml.ZipMap com.microsoft.Gelu'),
]);

/** What a node makes of rows, by the rule of its operator; undefined where it may mix them. */
export function rowRule(node: GraphNode, inputs: RowInputs, opset: number): readonly RowValue[] | undefined {
  return rules.get(node.operator)?.(node, inputs, opset);
}
