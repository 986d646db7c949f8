import type { PredictionConfig } from '../../ports/task.ts';

/** Whether a text becomes a vector. */
export function givesVectors({ name }: Pick<PredictionConfig, 'name'>): boolean {
  return name === 'feature-extraction' || name === 'sentence-similarity';
}
