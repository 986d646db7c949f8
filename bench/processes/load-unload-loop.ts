import { openNativeSession } from '../../src/adapters/onnx-native/open-native-session.ts';
import type { BenchModel } from '../models/bench-model.ts';
import { inputData } from '../models/input-data.ts';

/**
 * Loads a model, runs it once, lets it go: node bench/processes/load-unload-loop.ts MODEL TIMES. Prints the MB of
 * memory after each time, as JSON.
 */
async function main(): Promise<void> {
  const { path, input, output } = JSON.parse(process.argv[2] ?? '') as BenchModel;
  const data = new Uint8Array(inputData(input).buffer);
  const run = {
    inputNames: [input.name],
    inputs: [{ datatype: input.datatype, shape: input.shape, data }],
    outputNames: [output],
  };
  const megabytes: number[] = [];
  for (let time = 0; time < Number(process.argv[3]); time += 1) {
    const session = await openNativeSession(path, { intraOpThreads: 2 });
    await session.run(run);
    await session.release();
    megabytes.push(process.memoryUsage.rss() / 1e6);
  }
  console.log(JSON.stringify(megabytes));
}

await main();
