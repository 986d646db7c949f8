import { dataTypes } from '../data-types.ts';
import { makeTensor } from '../make-tensor.ts';
import type { OnnxModel, OnnxTensor } from '../onnx-model.ts';
import { floatsOf } from './floats-of.ts';

/**
 * Magnitude pruning: of each weight with two axes or more, a share of its elements become 0, those nearest to it. That
 * makes nothing smaller or quicker but what is compressed.
 *
 * Source: Han et al., "Learning both weights and connections for efficient neural networks", 2015, for each layer by
 * itself.
 */
export function zeroSmallest(model: OnnxModel, share: number): OnnxModel {
  const { graph } = model;
  const initializers = new Map(
    Array.from(graph.initializers, ([name, tensor]) => [name, isWeight(tensor) ? sparse(tensor, share) : tensor]),
  );
  return { ...model, graph: { ...graph, initializers } };
}

function isWeight({ dataType, shape }: OnnxTensor): boolean {
  return dataType === dataTypes.FLOAT && shape.length > 1 && shape.filter((size) => size > 1).length > 1;
}

function sparse(tensor: OnnxTensor, share: number): OnnxTensor {
  const { name, dataType, shape, data } = tensor;
  return makeTensor(name, dataType, shape, {
    length: data.length,
    async *pieces() {
      const values = await floatsOf(tensor);
      const sizes = values.map(Math.abs).sort();
      const count = Math.floor(share * values.length);
      const limit = count === 0 ? -1 : (sizes[count - 1] as number);
      for (const [place, value] of values.entries()) if (Math.abs(value) <= limit) values[place] = 0;
      yield new Uint8Array(values.buffer);
    },
  });
}
