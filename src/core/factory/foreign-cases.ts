import type { Session } from '../../ports/session.ts';
import type { Tensor } from '../../protocol/tensor.ts';
import { expectedTensor } from '../releases/expected-tensor.ts';
import { sampleRun } from '../releases/sample-run.ts';
import type { ForeignModel } from './conversion.ts';
import type { Finding } from './finding.ts';
import type { TrialCase } from './trial-case.ts';

/**
 * Cases whose answers are those that another framework gave; or why the model cannot be asked them, at the first sample
 * that shows it.
 */
export function foreignCases(
  session: Session,
  { samples, limits }: ForeignModel,
): { readonly findings: readonly Finding[]; readonly cases: readonly TrialCase[] } {
  const cases: TrialCase[] = [];
  const known = session.outputs.map(({ name }) => name);
  for (const sample of samples) {
    const { where } = sample;
    const missing = Object.keys(sample.outputs).find((name) => !known.includes(name));
    if (missing !== undefined) {
      const words = `output '${missing}' is gone; the outputs are ${known.join(', ')}`;
      return { findings: [{ name: 'other-outputs', words, where }], cases: [] };
    }
    try {
      const run = sampleRun(session, sample, limits);
      const expected = async (outputs: readonly Tensor[]) =>
        run.outputNames.map((name, index) => {
          if (!Object.hasOwn(sample.outputs, name)) return undefined;
          return expectedTensor(name, outputs[index] as Tensor, sample.outputs[name], limits);
        });
      cases.push({ where, run, expected });
    } catch (error) {
      const words = (error as Error).message.replace(`${where}: `, '');
      return { findings: [{ name: 'other-inputs', words, where }], cases: [] };
    }
  }
  return { findings: [], cases };
}
