import type { OnnxModel, OnnxNode } from '../onnx-model.ts';

/** What changes each element of what a convolution gives by itself. */
const activations = new Set(['BatchNormalization', 'Relu', 'LeakyRelu', 'Clip', 'Elu', 'HardSwish', 'PRelu']);

/**
 * The value that holds the maps of the last convolution, behind the activation that alone reads it. Undefined where
 * there is none.
 */
export function featureMaps({ graph }: OnnxModel): string | undefined {
  const last = graph.nodes.findLast(({ opType, domain }) => opType === 'Conv' && domain === '');
  let maps = last?.outputs[0];
  for (;;) {
    const readers: readonly OnnxNode[] = graph.nodes.filter(
      ({ inputs }) => maps !== undefined && inputs.includes(maps),
    );
    const [only] = readers;
    if (!only || readers.length > 1 || !activations.has(only.opType)) return maps;
    maps = only.outputs[0];
  }
}
