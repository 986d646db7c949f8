import { dataTypes } from '../data-types.ts';
import { namesRead } from '../names-read.ts';
import type { OnnxGraph, OnnxNode } from '../onnx-model.ts';

/** A convolution by weights of the file, and where what it gives can be quantized. */
export interface Convolution {
  readonly input: string;
  /** What it gives, or what the Relu or Clip gives that alone takes that: the runtime makes one operator of both. */
  readonly output: string;
}

/** The convolutions of a graph by FLOAT weights of the file, by their nodes; those in graphs within are left out. */
export function convolutions(graph: OnnxGraph): ReadonlyMap<OnnxNode, Convolution> {
  const readers = new Map<string, OnnxNode[]>();
  for (const node of graph.nodes)
    for (const name of namesRead(node)) readers.set(name, [...(readers.get(name) ?? []), node]);
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  const found = new Map<OnnxNode, Convolution>();
  for (const node of graph.nodes) {
    const [input = '', weight = ''] = node.inputs;
    const [own = ''] = node.outputs;
    const tensor = graph.initializers.get(weight);
    if (node.opType !== 'Conv' || node.domain !== '' || tensor?.dataType !== dataTypes.FLOAT || !tensor.data.length)
      continue;
    const [next, ...others] = readers.get(own) ?? [];
    const isJoined = others.length === 0 && !outputs.has(own) && ['Relu', 'Clip'].includes(next?.opType ?? '');
    found.set(node, { input, output: isJoined && next?.inputs[0] === own ? (next.outputs[0] as string) : own });
  }
  return found;
}
