import type { OnnxAttribute, OnnxNode } from '../onnx-model.ts';
import { attributeOf } from './attribute-of.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { NoGradientError } from './no-gradient-error.ts';

const { whole, wholes, float } = attributeOf;

/**
 * Operators whose attributes became inputs, by the version that made them so, in the order of these inputs. Source:
 * ONNX, Changelog.md.
 */
const inputsSince = new Map<string, { readonly since: number; readonly names: readonly string[] }>([
  ...['Squeeze', 'Unsqueeze', 'ReduceSum'].map((operator) => [operator, { since: 13, names: ['axes'] }] as const),
  ...['ReduceMean', 'ReduceMax', 'ReduceMin', 'ReduceProd', 'ReduceL1', 'ReduceL2'].map(
    (operator) => [operator, { since: 18, names: ['axes'] }] as const,
  ),
  ...['ReduceLogSum', 'ReduceLogSumExp', 'ReduceSumSquare'].map(
    (operator) => [operator, { since: 18, names: ['axes'] }] as const,
  ),
  ['Slice', { since: 10, names: ['starts', 'ends', 'axes'] }],
  ['Clip', { since: 11, names: ['min', 'max'] }],
  ['Pad', { since: 11, names: ['pads', 'value'] }],
  ['Split', { since: 13, names: ['split'] }],
]);
/** Operators that took something else before a version, or are gone since. */
const otherwiseBefore = new Map([
  ['Upsample', 10],
  ['TopK', 10],
  ['Resize', 11],
  ['Scatter', 11],
]);
const oldest = 7;
const newest = 20;

/**
 * A node of ONNX's operators of version `opset`, as it is in version 20 and later. Throws a NoGradientError where it
 * cannot be.
 */
export function upgradeNode(graph: GraphBuilder, node: OnnxNode, opset: number): OnnxNode {
  if (opset >= newest || node.domain !== '') return node;
  if (opset < oldest)
    throw new NoGradientError(`expected a model of opset ${oldest} or later to train, got ${opset}: export it anew`);
  if ([...node.attributes.values()].some(({ kind }) => kind === 'graph' || kind === 'parts'))
    throw tooOld(node, `holds a graph of opset ${opset}`);
  if (opset < (otherwiseBefore.get(node.opType) ?? 0))
    throw tooOld(node, `is another operator in opset ${opset} than later`);
  const moved = inputsSince.get(node.opType);
  const own = moved && opset < moved.since ? withInputs(graph, node, moved.names) : node;
  if (own.opType === 'Split') return upgradeSplit(own);
  if (own.opType === 'Dropout' && opset < 12) return { ...own, attributes: new Map() };
  if (own.opType === 'BatchNormalization' && opset < 9) return upgradeBatchNormalization(own);
  if (opset < 13 && ['Softmax', 'LogSoftmax', 'Hardmax'].includes(own.opType)) return upgradeSoftmax(graph, own);
  return own;
}

function tooOld({ opType, name }: OnnxNode, why: string): NoGradientError {
  return new NoGradientError(`${opType} (node '${name}') ${why}: export the model at opset ${newest} to train it`);
}

/** Of numbers lists, of floats scalars; what a node does not have is left out. */
function withInputs(graph: GraphBuilder, node: OnnxNode, names: readonly string[]): OnnxNode {
  const [x = ''] = node.inputs;
  const given = names.map((name) => {
    const [list, number] = [wholes(node, name), float(node, name)];
    // A slice to the end has the largest number of 64 bits for one, which no number here is.
    if (list) return graph.wholes(list.map((value) => Math.min(value, Number.MAX_SAFE_INTEGER)));
    return number === undefined ? '' : graph.number(number, x);
  });
  const last = given.findLastIndex((name) => name !== '');
  return { ...node, inputs: [x, ...given.slice(0, last + 1)], attributes: without(node, names) };
}

function upgradeSplit(node: OnnxNode): OnnxNode {
  if (node.inputs[1]) return node;
  const count: OnnxAttribute = { kind: 'int', value: node.outputs.length };
  return { ...node, attributes: new Map(node.attributes).set('num_outputs', count) };
}

/** It could keep a mean for each place, not only for each channel. */
function upgradeBatchNormalization(node: OnnxNode): OnnxNode {
  if (whole(node, 'spatial') === 0) throw tooOld(node, 'normalizes each place by itself, as before opset 9');
  return { ...node, attributes: without(node, ['spatial']) };
}

/** It took all axes from `axis` on together; of the last alone, that is the same. */
function upgradeSoftmax(graph: GraphBuilder, node: OnnxNode): OnnxNode {
  const rank = graph.rank(node.inputs[0] as string);
  const axis = whole(node, 'axis') ?? 1;
  if (axis !== -1 && axis + 1 !== rank) throw tooOld(node, 'works on several axes, as before opset 13');
  return { ...node, attributes: new Map(node.attributes).set('axis', { kind: 'int', value: -1 }) };
}

function without({ attributes }: OnnxNode, names: readonly string[]): ReadonlyMap<string, OnnxAttribute> {
  return new Map([...attributes].filter(([key]) => !names.includes(key)));
}
