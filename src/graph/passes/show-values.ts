import { dataTypes } from '../data-types.ts';
import type { OnnxModel } from '../onnx-model.ts';

/** A model that gives FLOAT values of its main graph as outputs too, behind its own: what calibration looks at. */
export function showValues(model: OnnxModel, names: readonly string[]): OnnxModel {
  const known = new Set(model.graph.outputs.map(({ name }) => name));
  const shown = names.filter((name) => !known.has(name));
  // The runtime finds out the shapes for itself.
  const outputs = shown.map((name) => ({ name, type: { dataType: dataTypes.FLOAT } }));
  return { ...model, graph: { ...model.graph, outputs: [...model.graph.outputs, ...outputs] } };
}
