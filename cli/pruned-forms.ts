import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { Candidate } from '../src/graph/candidates.ts';
import type { OnnxModel } from '../src/graph/onnx-model.ts';
import { softmaxHead } from '../src/graph/prune/softmax-head.ts';
import { prunedCandidates } from '../src/graph/pruned-candidates.ts';
import type { Run } from '../src/ports/session.ts';
import { refitHead } from './refit-head.ts';

export interface Pruning {
  readonly model: OnnxModel;
  /** What is worth a try of the model as it is. */
  readonly whole: readonly Candidate[];
  /** What heads are fitted to: none of it is judged. */
  readonly runs: readonly Run[];
  /** What goes. */
  readonly share: number;
  /** The file of classes that are right, where there is one. */
  readonly task: string | undefined;
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** Of the order in which heads are fitted. */
const seed = 1;

/** What of a model is worth a try with less in it: as it is then, and with products of 8 bits. */
export function prunedForms({ model, whole, runs, share, task, folder, signal }: Pruning): readonly Candidate[] {
  const fit = async (cut: OnnxModel) => {
    const head = softmaxHead(cut, undefined);
    if (!head) return cut;
    const own = await mkdtemp(join(folder, 'refit-'));
    return (await refitHead({ model: cut, source: model, head, runs, seed, folder: own, signal })).model;
  };
  const ofShares = `softmax head fitted anew to the source's shares of ${runs.length} samples, seed ${seed}`;
  const ofVectors = task === undefined ? 'no head to fit anew' : 'judged by a head fitted anew';
  const words = softmaxHead(model, undefined) ? ofShares : ofVectors;
  const then = whole.filter(({ name }) => name.startsWith('dynamic-int8'));
  return prunedCandidates({ share, then, refit: { words, fit } });
}
