import type { Session } from '../../ports/session.ts';
import type { DecodeLimits } from '../../protocol/decode-limits.ts';
import { compareTensors } from './compare-tensors.ts';
import { differenceWords } from './difference-words.ts';
import { expectedTensor } from './expected-tensor.ts';
import type { Sample } from './sample.ts';
import { sampleRun } from './sample-run.ts';

export interface CheckedSample {
  /** What is wrong with the answer, and by how much; undefined where nothing is. */
  readonly failure: string | undefined;
  /** The largest difference of all outputs, as `compareTensors` has it relative; 0 where it is infinite. */
  readonly difference: number;
}

/** Runs a sample, and holds the answers against those expected. Never rejects: a run that fails is a wrong answer. */
export async function checkSample(
  session: Session,
  sample: Sample,
  tolerance: number,
  limits: DecodeLimits,
): Promise<CheckedSample> {
  const { where } = sample;
  let difference = 0;
  try {
    const run = sampleRun(session, sample, limits);
    const outputs = await session.run(run);
    for (const [name, value] of Object.entries(sample.outputs)) {
      const actual = outputs[run.outputNames.indexOf(name)];
      if (!actual) throw new Error(`the model has no output '${name}'; it has ${run.outputNames.join(', ')}`);
      const found = compareTensors(actual, expectedTensor(name, actual, value, limits));
      if (Number.isFinite(found.relative)) difference = Math.max(difference, found.relative);
      if (found.relative <= tolerance) continue;
      throw new Error(differenceWords(name, found, tolerance));
    }
    return { failure: undefined, difference };
  } catch (error) {
    const { message } = error as Error;
    return { failure: message.startsWith(where) ? message : `${where}: ${message}`, difference };
  }
}
