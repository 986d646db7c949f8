import { InferenceSession, Tensor } from 'onnxruntime-node';
import { inputData } from '../models/input-data.ts';
import type { LoopJob } from './run-loops.ts';

const types = { FP32: 'float32', UINT8: 'uint8', INT64: 'int64' } as const;

/** A function that runs the model through onnxruntime-node, the raw runtime in Node. */
export async function bindingRun({ model, threads }: LoopJob): Promise<() => Promise<unknown>> {
  const { path, input } = model;
  const session = await InferenceSession.create(path, { intraOpNumThreads: threads, interOpNumThreads: 1 });
  const tensor = new Tensor(types[input.datatype], inputData(input), input.shape);
  const feeds = { [input.name]: tensor };
  return () => session.run(feeds);
}
