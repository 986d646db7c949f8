import type { OnnxModel, OnnxValue } from '../onnx-model.ts';
import type { StageParts } from './stage-parts.ts';

/**
 * The stages of a model as models of their own.
 *
 * @param crossing what values between stages are, by name
 */
export function splitModel(
  model: OnnxModel,
  stages: readonly StageParts[],
  crossing: ReadonlyMap<string, OnnxValue>,
): readonly OnnxModel[] {
  const { graph } = model;
  const known = new Map([
    ...crossing,
    ...[...graph.inputs, ...graph.outputs].map((value) => [value.name, value] as const),
  ]);
  const described = (name: string): OnnxValue => known.get(name) ?? { name };
  // A weight that is an input too stays one: as a constant the runtime would compute with it in another way, to other
  // last digits.
  const defaults = graph.inputs.filter(({ name }) => graph.initializers.has(name));
  return stages.map(({ nodes, inputs, outputs, read }) => {
    const made = new Set(nodes.flatMap((node) => node.outputs));
    return {
      ...model,
      graph: {
        ...graph,
        nodes,
        initializers: new Map([...graph.initializers].filter(([name]) => read.has(name))),
        sparseInitializers: graph.sparseInitializers.filter(({ values }) => read.has(values?.name ?? '')),
        inputs: [...inputs.map(described), ...defaults.filter(({ name }) => read.has(name))],
        outputs: outputs.map(described),
        values: graph.values.filter(({ name }) => made.has(name) && !outputs.includes(name)),
      },
      // What it says of training is of the whole.
      training: [],
    };
  });
}
