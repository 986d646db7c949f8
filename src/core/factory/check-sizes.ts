import type { Run, Session } from '../../ports/session.ts';
import type { Tensor } from '../../protocol/tensor.ts';
import { compareTensors } from '../releases/compare-tensors.ts';
import { differenceWords } from '../releases/difference-words.ts';
import { trialInputs } from '../trial-inputs.ts';
import type { Finding } from './finding.ts';
import { firstNotFinite } from './first-not-finite.ts';
import { otherSizes } from './other-sizes.ts';

/**
 * Tries sizes of free dimensions that no sample has, on random values: what the source answers, a conversion must.
 * Without a source it must answer all of them.
 *
 * @param tolerance where a conversion is to lose nothing; of another, random values do not say what it is worth
 */
export async function checkSizes(
  session: Session,
  source: Session | undefined,
  runs: readonly [Run, ...Run[]],
  tolerance: number | undefined,
): Promise<{ readonly findings: readonly Finding[]; readonly notes: readonly string[] }> {
  const findings: Finding[] = [];
  const notes: string[] = [];
  const { inputs } = source ?? session;
  const outputNames = (source ?? session).outputs.map(({ name }) => name);
  for (const { where, shapes } of otherSizes(inputs, runs, source !== undefined)) {
    const run: Run = {
      inputNames: inputs.map(({ name }) => name),
      inputs: trialInputs(inputs, shapes, 'random'),
      outputNames,
    };
    const expected = await source?.run(run).catch((error: Error) => error);
    if (expected instanceof Error) {
      notes.push(`${where} was not tried: the source refuses it`);
      continue;
    }
    const outputs = await session.run(run).catch((error: Error) => error);
    if (outputs instanceof Error) {
      const words = source ? 'which the source takes, is refused' : 'which the model declares free, is refused';
      findings.push({ name: 'lost-free-dimension', words: `${where}, ${words}: ${outputs.message}`, where });
    } else if (expected) findings.push(...differences(outputNames, outputs, expected, where, tolerance));
  }
  return { findings, notes };
}

function differences(
  names: readonly string[],
  outputs: readonly Tensor[],
  expected: readonly Tensor[],
  where: string,
  tolerance: number | undefined,
): readonly Finding[] {
  return names.flatMap((name, index): readonly Finding[] => {
    const [actual, wanted] = [outputs[index] as Tensor, expected[index] as Tensor];
    if (String(actual.shape) !== String(wanted.shape)) {
      const words = `${where}: output '${name}' has the shape [${actual.shape}], expected [${wanted.shape}]`;
      return [{ name: 'lost-free-dimension', words, where }];
    }
    const broken = firstNotFinite(actual, wanted);
    if (broken) {
      return [{ name: 'not-a-number', words: `output '${name}' [${broken.place}] is ${broken.value}`, where }];
    }
    const found = compareTensors(actual, wanted);
    if (tolerance === undefined || found.relative <= tolerance) return [];
    return [{ name: 'other-answers', words: differenceWords(name, found, tolerance), where }];
  });
}
