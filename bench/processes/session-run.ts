import { openNativeSession } from '../../src/adapters/onnx-native/open-native-session.ts';
import type { BenchModel } from '../models/bench-model.ts';
import { inputData } from '../models/input-data.ts';

/** A function that runs `model` through the engine's session port, apart from the calling thread. */
export async function sessionRun(
  { path, input, output }: BenchModel,
  threads: number,
): Promise<() => Promise<unknown>> {
  const session = await openNativeSession(path, { intraOpThreads: threads });
  const data = new Uint8Array(inputData(input).buffer);
  const run = {
    inputNames: [input.name],
    inputs: [{ datatype: input.datatype, shape: input.shape, data }],
    outputNames: [output],
  };
  return () => session.run(run);
}
