import type { ObjectStore } from '../../ports/object-store.ts';
import { inParallel } from '../batch/in-parallel.ts';
import { readJson } from '../batch/read-json.ts';
import { unlessBroken } from '../batch/unless-broken.ts';
import { readsAtOnce } from '../reads-at-once.ts';
import type { Claim } from './claim.ts';
import { jobPlaces } from './job-places.ts';

/** Far longer than who asks for a job again waits; a bucket keeps them so long, too. */
const keptMs = 24 * 60 * 60 * 1000;

/** Removes what says which job a request began, of requests a day before `at` and older. The jobs stay. */
export async function forgetClaims(data: ObjectStore, at: Date): Promise<void> {
  const files = await data.list(jobPlaces.asked);
  await inParallel(files, readsAtOnce, async ({ key }) => {
    const claim = await readJson<Claim>(data, key).catch(unlessBroken());
    if (!claim || claim.atMs <= at.getTime() - keptMs) await data.remove(key);
  });
}
