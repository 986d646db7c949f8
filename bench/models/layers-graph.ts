import type { OnnxGraph, OnnxNode } from '../../test/fakes/onnx-builder.ts';
import { randomWeight } from './random-weight.ts';

/** A network of full layers from `x` to `y`, with Relu between them. */
export function layersGraph(sizes: readonly number[]): OnnxGraph {
  const last = sizes.length - 2;
  const initializers = sizes.slice(1).map((size, layer) => randomWeight(`w${layer}`, sizes[layer] as number, size));
  const nodes = initializers.flatMap(({ name }, layer): OnnxNode[] => {
    const input = layer === 0 ? 'x' : `r${layer - 1}`;
    if (layer === last) return [{ op: 'MatMul', inputs: [input, name], outputs: ['y'] }];
    return [
      { op: 'MatMul', inputs: [input, name], outputs: [`p${layer}`] },
      { op: 'Relu', inputs: [`p${layer}`], outputs: [`r${layer}`] },
    ];
  });
  const value = (name: string, size = 0) => ({ name, datatype: 'FP32' as const, shape: ['n', size] });
  return { inputs: [value('x', sizes[0])], outputs: [value('y', sizes.at(-1))], nodes, initializers };
}
