import { hexDigest } from '../hex-digest.ts';

/**
 * What a training is called by: what is `same` of two trainings that come to the same bytes differs where they do not.
 */
export function trainingDigest(same: unknown): string {
  return hexDigest(JSON.stringify(same));
}
