import type { OnnxModel } from '../onnx-model.ts';

const layers: ReadonlySet<string> = new Set(['Gemm', 'MatMul', 'Conv', 'ConvTranspose']);

/**
 * Weights that training of a whole model leaves as they are where nothing else is said of them, by name: tables that
 * rows are taken from by number (words of a vocabulary), as a batch asks for few of their rows and an optimizer walks
 * over all, and numbers alone, which are more often part of an operator than something that was learned: but those of
 * the operators of layers are, such as the bias of a regression.
 */
export function tablesAndNumbers({ graph }: OnnxModel): ReadonlySet<string> {
  const left = new Set<string>();
  const learned = new Set(graph.nodes.flatMap(({ opType, inputs }) => (layers.has(opType) ? inputs.slice(1) : [])));
  for (const { opType, inputs } of graph.nodes) if (opType === 'Gather') left.add(inputs[0] as string);
  for (const [name, { shape }] of graph.initializers)
    if (shape.every((size) => size === 1) && !learned.has(name)) left.add(name);
  return left;
}
