import type { Session } from '../../ports/session.ts';
import type { DecodeLimits } from '../../protocol/decode-limits.ts';
import { compareTensors } from './compare-tensors.ts';
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
  const where = `samples.jsonl line ${sample.line}`;
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
      const off = Number.isFinite(found.relative)
        ? `, off by ${shortNumber(found.relative)} of ${tolerance} allowed`
        : '';
      throw new Error(
        `output '${name}' [${found.place}] is ${shown(found.actual)}, expected ${shown(found.expected)}${off}`,
      );
    }
    return { failure: undefined, difference };
  } catch (error) {
    const { message } = error as Error;
    return { failure: message.startsWith(where) ? message : `${where}: ${message}`, difference };
  }
}

function shown(value: number | bigint | string): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 80)) : String(value);
}

function shortNumber(value: number): string {
  return String(Number(value.toPrecision(3)));
}
