import type { ModelVersion } from '../model-version.ts';
import { pairScore } from './pair-score.ts';
import { taskNameOf } from './task-name-of.ts';

/**
 * Whether a version ranks texts, as far as that is known: of one that was never loaded, by the task of its settings.
 */
export function canRank(version: ModelVersion): boolean {
  const task = taskNameOf(version);
  if (task === 'feature-extraction' || task === 'sentence-similarity') return true;
  return task === 'text-classification' && (!version.signature || pairScore(version) !== undefined);
}
