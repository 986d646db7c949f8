import type { OnnxModel } from '../onnx-model.ts';

/**
 * Weights that old files name as inputs too, for callers to replace, become constants: the runtime folds, joins and
 * lays out constants alone. Sessions here do not show such inputs, so that no caller loses one. The same model where
 * there are none.
 */
export function fixWeights(model: OnnxModel): OnnxModel {
  const { graph } = model;
  const inputs = graph.inputs.filter(({ name }) => !graph.initializers.has(name));
  return inputs.length === graph.inputs.length ? model : { ...model, graph: { ...graph, inputs } };
}
