import { buildOnnx } from '../../test/fakes/onnx-builder.ts';
import type { BenchModel } from './bench-model.ts';
import { layersGraph } from './layers-graph.ts';
import { storeModel } from './store-model.ts';

/**
 * 100 MB of float weights, on 64 rows: as many bytes of input for each ms of a run as with a ResNet-50 and its picture.
 */
export function heavyModel(): BenchModel {
  const input = { name: 'x', datatype: 'FP32', shape: [64, 784] } as const;
  return storeModel('heavy', buildOnnx(layersGraph([784, 3320, 3320, 3320, 100])), input, 'y');
}
