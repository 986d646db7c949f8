import type { BatchPlan, BatchSettings } from '../../core/batch/batch-plan.ts';
import { hexDigest } from '../hex-digest.ts';

type Settled = Pick<BatchPlan, 'model' | 'version' | 'digest' | 'file' | 'format'>;

/**
 * Names a job by all that its results depend on: the place and content of its input, the model's version and what that
 * holds, and the settings; one that is refused by as much as is known.
 */
export function jobId(
  place: string,
  { model, version, digest, file, format, settings }: Partial<Settled> & { readonly settings: Partial<BatchSettings> },
): string {
  return hexDigest(JSON.stringify([place, file, model, version, digest, format, settings])).slice(0, 16);
}
