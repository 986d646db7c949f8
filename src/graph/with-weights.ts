import { heldBytes } from './held-bytes.ts';
import type { OnnxModel, OnnxTensor } from './onnx-model.ts';

/** The model with other values of some of its weights, by name, each of as many bytes as before. */
export function withWeights(model: OnnxModel, weights: ReadonlyMap<string, { readonly data: Uint8Array }>): OnnxModel {
  const { graph } = model;
  const changed = (tensor: OnnxTensor): OnnxTensor => {
    const weight = weights.get(tensor.name);
    return weight ? { ...tensor, data: heldBytes(weight.data) } : tensor;
  };
  const initializers = new Map(Array.from(graph.initializers, ([name, tensor]) => [name, changed(tensor)]));
  return { ...model, graph: { ...graph, initializers } };
}
