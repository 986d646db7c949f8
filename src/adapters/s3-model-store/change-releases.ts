import { checkReleases } from '../../core/releases/check-releases.ts';
import type { ReleaseState } from '../../ports/model-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { releasesText } from '../directory-model-store/releases-text.ts';
import { listObjects } from './list-objects.ts';
import { pauseBeforeRetry } from './pause-before-retry.ts';
import { readReleaseObject } from './read-release-object.ts';
import type { S3Client } from './s3-client.ts';
import { storeText } from './store-text.ts';

// Of fifty that change one model at once, the last has its turn after some tens.
const retries = { attempts: 200, firstPauseMs: 10, longestPauseMs: 500 };

/**
 * `changeReleases` of the model whose keys begin with `folder`: stored only over what was read. Rejects with an S3Error
 * where S3 does not do it.
 */
export async function changeReleases(
  client: S3Client,
  folder: string,
  label: string,
  change: (before: ReleaseState) => ReleaseState,
): Promise<ReleaseState> {
  const key = `${folder}aliases.json`;
  for (let tries = 1; tries <= retries.attempts; tries += 1) {
    const { value: before, problem, exists, condition } = await readReleaseObject(client, key);
    // All of its versions may have been deleted.
    if (!exists && (await listObjects(client, folder)).length === 0)
      throw new ServiceError(404, `there is no ${label}`);
    if (problem !== undefined) throw new ServiceError(409, `${label}: ${problem}`);
    const after = change(before);
    if (after === before) return before;
    checkReleases(label, after);
    if (await storeText(client, key, releasesText(after), condition)) return after;
    await pauseBeforeRetry(tries, retries);
  }
  throw new ServiceError(503, `${label}: others changed it each of the ${retries.attempts} times that it was tried`);
}
