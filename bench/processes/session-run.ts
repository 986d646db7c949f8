import { openNativeSession } from '../../src/adapters/onnx-native/open-native-session.ts';
import { inputData } from '../models/input-data.ts';
import { firstGpu } from './first-gpu.ts';
import type { LoopJob } from './run-loops.ts';

/** A function that runs the model through the engine's session port, apart from the calling thread. */
export async function sessionRun({ model, threads, onGpu }: LoopJob): Promise<() => Promise<unknown>> {
  const { path, input, output } = model;
  const session = await openNativeSession(path, { intraOpThreads: threads, ...(onGpu && { cuda: firstGpu }) });
  const data = new Uint8Array(inputData(input).buffer);
  const run = {
    inputNames: [input.name],
    inputs: [{ datatype: input.datatype, shape: input.shape, data }],
    outputNames: [output],
  };
  return () => session.run(run);
}
