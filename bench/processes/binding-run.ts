import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { BenchModel } from '../models/bench-model.ts';
import { inputData } from '../models/input-data.ts';

/** A function that runs `model` through onnxruntime-node, the raw runtime in Node. */
export async function bindingRun({ path, input }: BenchModel, threads: number): Promise<() => Promise<unknown>> {
  const session = await InferenceSession.create(path, { intraOpNumThreads: threads, interOpNumThreads: 1 });
  const data = inputData(input);
  const tensor =
    data instanceof Float32Array ? new Tensor('float32', data, input.shape) : new Tensor('uint8', data, input.shape);
  const feeds = { [input.name]: tensor };
  return () => session.run(feeds);
}
