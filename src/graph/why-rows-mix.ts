import type { GraphNode, MainGraph } from './main-graph.ts';

/** A value of the graph: `rows`, where element n of dimension 0 depends on row n of the inputs alone, or a tensor of the file. */
type Value =
  | { readonly rank: number; readonly isRows: true }
  | { readonly shape: readonly number[]; readonly isRows: false };

/** The values of a node's inputs; undefined where one is not given. */
type Inputs = readonly (Value | undefined)[];

/** How many dimensions each of a node's outputs has; undefined where the node may mix rows. */
type Rule = (node: GraphNode, inputs: Inputs, opset: number) => readonly number[] | undefined;

/**
 * Why rows of a graph's inputs might not be answered each for itself when they share a run; undefined where they are.
 *
 * Follows the rows through the graph, by what ONNX's operators are known to do. What is not known to keep them apart counts as mixing
 * them: an answer must not depend on another caller's data. Source: ONNX's operator list, opset 24, and that of ai.onnx.ml, version 4.
 */
export function whyRowsMix({
  inputs,
  initializers,
  nodes,
  outputs,
  opset,
  hasFunctions,
}: MainGraph): string | undefined {
  if (outputs.length === 0) return 'it has no outputs';
  if (hasFunctions) return 'it defines operators of its own';
  const values = new Map<string, Value>();
  for (const [name, rank] of inputs) if (rank !== undefined && rank > 0) values.set(name, { rank, isRows: true });
  for (const [name, shape] of initializers) values.set(name, { shape, isRows: false });
  for (const node of nodes) {
    const { operator, valueShape } = node;
    if (operator === 'Constant' && valueShape) {
      values.set(String(node.outputs[0]), { shape: valueShape, isRows: false });
      continue;
    }
    const given = node.inputs.map((name) => (name === '' ? undefined : values.get(name)));
    const areKnown = node.inputs.every((name, index) => name === '' || given[index]);
    const ranks = areKnown ? rules.get(operator)?.(node, given, opset) : undefined;
    if (!ranks) return `${operator} is not known to keep its rows apart here`;
    for (const [index, name] of node.outputs.entries()) {
      const rank = ranks[index];
      if (name !== '' && rank !== undefined) values.set(name, { rank, isRows: true });
    }
  }
  const other = outputs.find((name) => !values.get(name)?.isRows);
  return other === undefined ? undefined : `output '${other}' is not known to have a row for each of the inputs'`;
}

function rowsRank(value: Value | undefined): number | undefined {
  return value?.isRows ? value.rank : undefined;
}

/** Whether it is of the file and, spread over values of `rank` dimensions, the same for each of their rows. */
function sameForRows(value: Value | undefined, rank: number): boolean {
  if (!value || value.isRows) return false;
  return value.shape.length < rank || (value.shape.length === rank && value.shape[0] === 1);
}

function fromFront(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

/** The attribute `axis`, counted from the front. */
function axisOf(node: GraphNode, byDefault: number, rank: number): number {
  return fromFront(node.integers.get('axis')?.[0] ?? byDefault, rank);
}

/** Of the first input; the others are not given, or of the file. */
const followsFirst: Rule = (_node, [first, ...others]) => {
  const rank = rowsRank(first);
  return rank !== undefined && others.every((other) => !other?.isRows) ? [rank] : undefined;
};

/** Spread over one another, element by element: values of the same rank, and tensors of the file that are the same for each row. */
const broadcast: Rule = (_node, inputs) => {
  const rank = inputs.map(rowsRank).find((each) => each !== undefined);
  if (rank === undefined) return undefined;
  return inputs.every((input) => rowsRank(input) === rank || sameForRows(input, rank)) ? [rank] : undefined;
};

/** Works along an axis of the first input that is not that of the rows; the shape stays. */
const alongAxis =
  (byDefault: (opset: number) => number): Rule =>
  (node, inputs, opset) => {
    const ranks = followsFirst(node, inputs, opset);
    const rank = ranks?.[0] ?? 0;
    return rank >= 2 && axisOf(node, byDefault(opset), rank) >= 1 ? ranks : undefined;
  };

/** Takes axes together that the attribute names, none of which is that of the rows. */
const reduce =
  (name: 'axes' | 'axis'): Rule =>
  (node, inputs) => {
    const rank = rowsRank(inputs[0]);
    const axes = node.integers.get(name);
    // Without axes all are taken together; as an input they are not read here.
    if (rank === undefined || inputs.length > 1 || !axes || axes.length === 0) return undefined;
    if (axes.some((axis) => fromFront(axis, rank) < 1)) return undefined;
    return [node.integers.get('keepdims')?.[0] === 0 ? rank - axes.length : rank];
  };

const matMul: Rule = (_node, [a, b]) => {
  const rank = rowsRank(a);
  if (rank === undefined || rank < 2 || !b) return undefined;
  if (b.isRows) return rank > 2 && b.rank === rank ? [rank] : undefined;
  if (b.shape.length === 2) return [rank];
  return b.shape.length === 1 && rank > 1 ? [rank - 1] : undefined;
};

const gemm: Rule = (node, [a, b, c]) => {
  const isOfRows = rowsRank(a) === 2 && !node.integers.get('transA')?.[0] && b?.isRows === false;
  return isOfRows && (!c || sameForRows(c, 2)) ? [2] : undefined;
};

/** Slides over the dimensions after rows and channels. */
const slide: Rule = (node, inputs, opset) => {
  const ranks = followsFirst(node, inputs, opset);
  return (ranks?.[0] ?? 0) >= 3 && node.outputs.length === 1 ? ranks : undefined;
};

const batchNormalization: Rule = (node, inputs, opset) => {
  // Training takes mean and variance of the whole batch; before opset 14 it showed in further outputs.
  const isTraining = node.integers.get('training_mode')?.[0] || node.outputs.length > 1 || opset < 9;
  return isTraining ? undefined : alongAxis(() => 1)(node, inputs, opset);
};

const flatten: Rule = (node, [first]) => {
  const rank = rowsRank(first);
  return rank !== undefined && rank > 1 && axisOf(node, 1, rank) === 1 ? [2] : undefined;
};

const transpose: Rule = (node, [first]) => {
  const rank = rowsRank(first);
  return rank !== undefined && node.integers.get('perm')?.[0] === 0 ? [rank] : undefined;
};

const concat: Rule = (node, inputs) => {
  const rank = rowsRank(inputs[0]);
  const areAlike = rank !== undefined && inputs.every((input) => rowsRank(input) === rank);
  return areAlike && axisOf(node, 0, rank) >= 1 ? [rank] : undefined;
};

/** Looks rows of indices up in a table of the file, or the same columns of each row. */
const gather: Rule = (node, [data, indices]) => {
  if (!data || !indices) return undefined;
  if (!data.isRows) {
    const isLookup = indices.isRows && axisOf(node, 0, data.shape.length) === 0 && data.shape.length > 0;
    return isLookup ? [indices.rank + data.shape.length - 1] : undefined;
  }
  if (indices.isRows || axisOf(node, 0, data.rank) < 1) return undefined;
  return [data.rank - 1 + indices.shape.length];
};

/** Of ai.onnx.ml: takes a matrix whose rows are samples, and gives as many dimensions as are said for each output. */
const samples =
  (...ranks: readonly number[]): Rule =>
  (_node, inputs) =>
    inputs.length === 1 && rowsRank(inputs[0]) === 2 ? ranks : undefined;

const named = (rule: Rule, ...operators: readonly string[]) => operators.map((name): [string, Rule] => [name, rule]);

const softmaxAxis = (opset: number) => (opset < 13 ? 1 : -1);

const rules = new Map<string, Rule>([
  ...named(
    followsFirst,
    ...['Abs', 'Acos', 'Acosh', 'Asin', 'Asinh', 'Atan', 'Atanh', 'BitwiseNot', 'Cast', 'Ceil', 'Celu', 'Clip', 'Cos'],
    ...['Cosh', 'Elu', 'Erf', 'Exp', 'Floor', 'Gelu', 'HardSigmoid', 'HardSwish', 'Identity', 'IsInf', 'IsNaN'],
    ...[
      'LeakyRelu',
      'Log',
      'Mish',
      'Neg',
      'Not',
      'Reciprocal',
      'Relu',
      'Round',
      'Selu',
      'Sigmoid',
      'Sign',
      'Sin',
      'Sinh',
    ],
    ...['Softplus', 'Softsign', 'Sqrt', 'Swish', 'Tan', 'Tanh', 'ThresholdedRelu'],
  ),
  ...named(
    broadcast,
    ...['Add', 'And', 'Div', 'Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual', 'Max', 'Mean', 'Min', 'Mod'],
    ...['Mul', 'Or', 'PRelu', 'Pow', 'Sub', 'Sum', 'Where', 'Xor'],
  ),
  ...named(alongAxis(softmaxAxis), 'Softmax', 'LogSoftmax', 'Hardmax'),
  ...named(
    alongAxis(() => -1),
    'LayerNormalization',
    'LpNormalization',
    'RMSNormalization',
  ),
  ...named(reduce('axis'), 'ArgMax', 'ArgMin'),
  ...named(
    reduce('axes'),
    ...[
      'ReduceL1',
      'ReduceL2',
      'ReduceLogSum',
      'ReduceLogSumExp',
      'ReduceMax',
      'ReduceMean',
      'ReduceMin',
      'ReduceProd',
    ],
    ...['ReduceSum', 'ReduceSumSquare'],
  ),
  ...named(
    slide,
    ...['AveragePool', 'Conv', 'ConvTranspose', 'GlobalAveragePool', 'GlobalMaxPool', 'InstanceNormalization', 'LRN'],
    'MaxPool',
  ),
  ['BatchNormalization', batchNormalization],
  ['Concat', concat],
  ['Flatten', flatten],
  ['Gather', gather],
  ['Gemm', gemm],
  ['MatMul', matMul],
  ['Transpose', transpose],
  ...named(samples(2), 'ai.onnx.ml.Imputer', 'ai.onnx.ml.Normalizer', 'ai.onnx.ml.Scaler'),
  ...named(samples(2), 'ai.onnx.ml.LinearRegressor', 'ai.onnx.ml.SVMRegressor', 'ai.onnx.ml.TreeEnsembleRegressor'),
  ...named(
    samples(1, 2),
    'ai.onnx.ml.LinearClassifier',
    'ai.onnx.ml.SVMClassifier',
    'ai.onnx.ml.TreeEnsembleClassifier',
  ),
  ...named(followsFirst, 'ai.onnx.ml.Binarizer', 'ai.onnx.ml.LabelEncoder', 'ai.onnx.ml.ZipMap'),
]);
