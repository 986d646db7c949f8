import type { Task } from './task.ts';

/** Whether a text becomes a vector. */
export function givesVectors({ name }: Task): boolean {
  return name === 'feature-extraction' || name === 'sentence-similarity';
}
