import { collectBytes } from '../collect-bytes.ts';
import type { OnnxModel, OnnxTensor } from '../onnx-model.ts';
import type { ModelOfRows } from './with-rows-in-use.ts';

type Weights = ReadonlyMap<string, { readonly data: Uint8Array }>;

/**
 * Weights of a model that had the rows in use alone, as weights of the one that it was made of: such tables are whole
 * again, and all other rows are as they were.
 */
export async function withAllRows({ graph }: OnnxModel, rows: ModelOfRows['rows'], weights: Weights): Promise<Weights> {
  const whole = new Map(weights);
  for (const [name, used] of rows) {
    const some = weights.get(name);
    if (!some) continue;
    const { shape, data } = graph.initializers.get(name) as OnnxTensor;
    const bytes = data.length / (shape[0] as number);
    const all = (await collectBytes(data)).slice();
    for (const [at, row] of used.entries()) all.set(some.data.subarray(at * bytes, (at + 1) * bytes), row * bytes);
    whole.set(name, { data: all });
  }
  return whole;
}
