import type { OnnxAttribute, OnnxNode } from '../onnx-model.ts';
import { attributeOf } from './attribute-of.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { NoGradientError } from './no-gradient-error.ts';

const { whole, wholes } = attributeOf;
/** Operators whose attribute became an input, by the version that made it one. Source: ONNX, Changelog.md. */
const axesInputs = new Map([
  ...['Squeeze', 'Unsqueeze', 'ReduceSum'].map((operator) => [operator, 13] as const),
  ...['ReduceMean', 'ReduceMax', 'ReduceMin', 'ReduceProd', 'ReduceL1', 'ReduceL2'].map((each) => [each, 18] as const),
  ...['ReduceLogSum', 'ReduceLogSumExp', 'ReduceSumSquare'].map((operator) => [operator, 18] as const),
]);
const oldest = 11;
const newest = 20;

/** A node of ONNX's operators of version `opset`, as it is in version 20 and later. Throws a NoGradientError where it cannot be. */
export function upgradeNode(graph: GraphBuilder, node: OnnxNode, opset: number): OnnxNode {
  if (opset >= newest || node.domain !== '') return node;
  if (opset < oldest)
    throw new NoGradientError(`expected a model of opset ${oldest} or later to train, got ${opset}: export it anew`);
  if ([...node.attributes.values()].some(({ kind }) => kind === 'graph' || kind === 'parts'))
    throw new NoGradientError(
      `${node.opType} (node '${node.name}') holds a graph of opset ${opset}: export the model at opset ${newest} to train it`,
    );
  const since = axesInputs.get(node.opType);
  if (since !== undefined && opset < since) return withInput(graph, node, 'axes');
  if (node.opType === 'Split') return upgradeSplit(graph, node, opset);
  if (node.opType === 'Dropout' && opset < 12) return { ...node, attributes: new Map() };
  if (opset < 13 && ['Softmax', 'LogSoftmax'].includes(node.opType)) return upgradeSoftmax(graph, node);
  return node;
}

function withInput(graph: GraphBuilder, node: OnnxNode, name: string): OnnxNode {
  const values = wholes(node, name);
  if (!values) return node;
  const inputs = [node.inputs[0] as string, graph.wholes(values)];
  return { ...node, inputs, attributes: without(node, name) };
}

function upgradeSplit(graph: GraphBuilder, node: OnnxNode, opset: number): OnnxNode {
  const sized = opset < 13 ? withInput(graph, node, 'split') : node;
  if (sized.inputs[1]) return sized;
  const count: OnnxAttribute = { kind: 'int', value: node.outputs.length };
  return { ...sized, attributes: new Map(sized.attributes).set('num_outputs', count) };
}

/** It took all axes from `axis` on together; of the last alone, that is the same. */
function upgradeSoftmax(graph: GraphBuilder, node: OnnxNode): OnnxNode {
  const rank = graph.rank(node.inputs[0] as string);
  const axis = whole(node, 'axis') ?? 1;
  if (axis !== -1 && axis + 1 !== rank)
    throw new NoGradientError(
      `${node.opType} (node '${node.name}') works on several axes, as before opset 13: export the model at opset ${newest} to train it`,
    );
  return { ...node, attributes: new Map(node.attributes).set('axis', { kind: 'int', value: -1 }) };
}

function without({ attributes }: OnnxNode, name: string): ReadonlyMap<string, OnnxAttribute> {
  return new Map([...attributes].filter(([key]) => key !== name));
}
