import { buildOnnx } from '../../test/fakes/onnx-builder.ts';
import type { BenchModel } from './bench-model.ts';
import { layersGraph } from './layers-graph.ts';
import { storeModel } from './store-model.ts';

/** The size of a classifier of digits, 784 → 128 → 10: a run takes some 15 µs. */
export function tinyModel(): BenchModel {
  const input = { name: 'x', datatype: 'FP32', shape: [1, 784] } as const;
  return storeModel('tiny', buildOnnx(layersGraph([784, 128, 10])), input, 'y');
}
