import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { BenchModel } from '../models/bench-model.ts';
import { inputData } from '../models/input-data.ts';

const types = { FP32: 'float32', UINT8: 'uint8', INT64: 'int64' } as const;

/** A function that runs `model` through onnxruntime-node, the raw runtime in Node. */
export async function bindingRun({ path, input }: BenchModel, threads: number): Promise<() => Promise<unknown>> {
  const session = await InferenceSession.create(path, { intraOpNumThreads: threads, interOpNumThreads: 1 });
  const tensor = new Tensor(types[input.datatype], inputData(input), input.shape);
  const feeds = { [input.name]: tensor };
  return () => session.run(feeds);
}
