import { createHash } from 'node:crypto';

/** What a training is called by: what is `same` of two trainings that come to the same bytes differs where they do not. */
export function trainingDigest(same: unknown): string {
  return createHash('sha256').update(JSON.stringify(same)).digest('hex');
}
