import { openModel } from '../../cli/open-model.ts';
import { trialRunOf } from '../../cli/trial-run-of.ts';
import type { CandidateTrial } from '../../src/core/factory/candidate-trial.ts';
import { casesOfSource } from '../../src/core/factory/cases-of-source.ts';
import { classOfVector } from '../../src/core/factory/class-of-vector.ts';
import { judgeConversion } from '../../src/core/factory/judge-conversion.ts';
import { pooledVector } from '../../src/core/factory/pooled-vector.ts';
import type { SoftmaxHead } from '../../src/core/factory/softmax-head.ts';
import type { Session } from '../../src/ports/session.ts';
import type { BankingTexts } from './banking-texts.ts';
import { textRun } from './text-run.ts';

/** What models are judged by: the answers of the source to texts, one at a time, and the classes that are right. */
export function judgedTexts(
  source: Session,
  { ids, classes }: BankingTexts,
  head: SoftmaxHead,
  names: readonly string[],
) {
  const runs = ids.map((text, place) => ({ where: `text ${place + 1}`, run: textRun([text]) }));
  const from = { source, cases: casesOfSource(source, runs), trial: trialRunOf(source, {}) };
  const task = {
    output: 'last_hidden_state',
    labels: classes.map((name) => names.indexOf(name)),
    classOf: (answer: Parameters<typeof pooledVector>[0]) => classOfVector(head, pooledVector(answer)),
  };
  const means = { clock: performance, tolerance: undefined, latencyRatio: Number.POSITIVE_INFINITY, unverified: false };
  /** The model at a path as a candidate, judged as `optimize` does. */
  const trial = async (name: string, path: string, bytes: number): Promise<CandidateTrial> => {
    const report = await judgeConversion({ open: () => openModel(path, name), from, task }, means);
    return { name, passes: [], bytes, report };
  };
  return { from, task, means, trial };
}
