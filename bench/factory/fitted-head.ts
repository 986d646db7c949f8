import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fitSoftmaxHead } from '../../src/core/factory/fit-softmax-head.ts';
import type { SoftmaxHead } from '../../src/core/factory/softmax-head.ts';
import type { Session } from '../../src/ports/session.ts';
import type { BankingTexts } from './banking-texts.ts';
import { textVectors } from './text-vectors.ts';

const file = '.cache/bench/banking77-head.json';

/**
 * A softmax head on the vectors that a model has for the texts, the classes in the order of `names`: what tells right
 * answers from wrong ones. Kept in .cache/, as it takes minutes.
 */
export async function fittedHead(
  session: Session,
  { ids, classes }: BankingTexts,
  names: readonly string[],
): Promise<SoftmaxHead> {
  if (!existsSync(file)) {
    console.error(`fitting a head to ${ids.length} texts …`);
    const labels = classes.map((name) => names.indexOf(name));
    const { weights, biases } = fitSoftmaxHead(await textVectors(session, ids), labels, names.length);
    writeFileSync(file, JSON.stringify({ weights: [...weights], biases: [...biases] }));
  }
  const { weights, biases } = JSON.parse(readFileSync(file, 'utf8')) as Record<'weights' | 'biases', number[]>;
  return {
    classes: names.length,
    columns: weights.length / names.length,
    weights: Float64Array.from(weights),
    biases: Float64Array.from(biases),
  };
}
