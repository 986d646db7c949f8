import type { OnnxModel } from './onnx-model.ts';

/** Names of the inputs and outputs of whose shape a model says nothing. */
export function shapelessValues({ graph }: OnnxModel): ReadonlySet<string> {
  const shapeless = [...graph.inputs, ...graph.outputs].filter(({ type }) => type?.shape === undefined);
  return new Set(shapeless.map(({ name }) => name));
}
