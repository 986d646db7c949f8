import { dataTypes } from '../data-types.ts';
import { firstLogits } from '../first-logits.ts';
import { makeNode } from '../make-node.ts';
import { makeTensor } from '../make-tensor.ts';
import { Names } from '../names.ts';
import type { OnnxGraph, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from '../onnx-model.ts';
import { type LogitsHead, logitsHead } from './logits-head.ts';

/**
 * A decoder that can be told from which token on to make logits (`firstLogits`): most of what a run over a prompt would
 * make is read by nobody. The same model where it is known already, or what makes the logits is not.
 */
export function logitsFrom(model: OnnxModel): OnnxModel {
  const { graph } = model;
  const head = isFit(model) ? logitsHead(graph) : undefined;
  if (!head) return model;
  const names = new Names(model);
  const fresh = (name: string) => names.fresh(`${firstLogits}.${name}`);
  const [end, axis] = [whole(fresh('end'), 2n ** 63n - 1n), whole(fresh('axis'), 1n)];
  const sliced = fresh('states');
  const slice = makeNode('Slice', [head.states, firstLogits, end.name, axis.name], [sliced], { name: sliced });
  const first = whole(firstLogits, 0n);
  return {
    ...model,
    graph: {
      ...withoutSizes(graph, head),
      nodes: graph.nodes.flatMap((node) => (node === head.reader ? [slice, reading(node, head, sliced)] : [node])),
      initializers: new Map([...graph.initializers, ...[first, end, axis].map((each) => [each.name, each] as const)]),
      inputs: [...graph.inputs, { name: firstLogits, type: { dataType: dataTypes.INT64, shape: [1] } }],
    },
  };
}

/**
 * Initializers are no defaults of inputs before version 4 of the format, nor is Slice told where to begin by a value
 * before operators 10.
 */
function isFit({ irVersion, opsets, functions, graph }: OnnxModel): boolean {
  const isKnown = graph.inputs.some(({ name }) => name === firstLogits || name === 'num_logits_to_keep');
  return !isKnown && irVersion >= 4 && (opsets.get('') ?? 0) >= 10 && functions.length === 0;
}

/**
 * What the file says of values whose tokens are not those of the run any more is left out: the runtime finds out for
 * itself.
 */
function withoutSizes(graph: OnnxGraph, { behind }: LogitsHead): OnnxGraph {
  const freed = ({ name, type }: OnnxValue): OnnxValue =>
    name === 'logits' && type?.shape ? { name, type: { ...type, shape: type.shape.with(1, undefined) } } : { name };
  return {
    ...graph,
    outputs: graph.outputs.map((value) => (behind.has(value.name) ? freed(value) : value)),
    values: graph.values.filter(({ name }) => !behind.has(name)),
  };
}

function reading(node: OnnxNode, { states }: LogitsHead, sliced: string): OnnxNode {
  return { ...node, inputs: node.inputs.map((name) => (name === states ? sliced : name)) };
}

function whole(name: string, value: bigint): OnnxTensor {
  return makeTensor(name, dataTypes.INT64, [1], new Uint8Array(BigInt64Array.of(value).buffer));
}
