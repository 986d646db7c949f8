import type { OnnxModel } from '../onnx-model.ts';

/**
 * Weights that further training of a whole model leaves as they are, by name: tables that rows are taken from by number (words of a vocabulary), as a batch asks for few
 * of their rows and an optimizer walks over all, and numbers alone, which are more often part of an operator than something that was learned.
 */
export function tablesAndNumbers({ graph }: OnnxModel): ReadonlySet<string> {
  const left = new Set<string>();
  for (const { opType, inputs } of graph.nodes) if (opType === 'Gather') left.add(inputs[0] as string);
  for (const [name, { shape }] of graph.initializers) if (shape.every((size) => size === 1)) left.add(name);
  return left;
}
