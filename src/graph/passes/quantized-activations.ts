import type { OnnxModel } from '../onnx-model.ts';
import { convolutions } from './convolutions.ts';
import { matMulWeight } from './mat-mul-weight.ts';

/** The names of the values of the main graph whose ranges `quantizeStatically` asks for, each once. */
export function quantizedActivations({ graph }: OnnxModel): readonly string[] {
  const names = new Set<string>();
  for (const node of graph.nodes)
    if (matMulWeight(node, (name = '') => graph.initializers.get(name))) names.add(node.inputs[0] as string);
  for (const { input, output } of convolutions(graph).values()) names.add(input).add(output);
  return [...names];
}
