import type { ObjectStore } from '../../ports/object-store.ts';
import type { PlannedJob } from './planned-job.ts';
import { shardTries } from './shard-tries.ts';
import { workFolder } from './work-files.ts';
import { writeJson } from './write-json.ts';

/** Lies among a job's files where it is to begin no more shards: more records failed than it tolerates. */
export const tooManyFailedFile = `${workFolder}too-many-failed.json`;

/** Has a job stop where more records have no answer, in the shards that are done, than it tolerates. */
export async function stopIfTooManyFailed(output: ObjectStore, { settings, shards }: PlannedJob): Promise<void> {
  const { maxFailedRecords } = settings;
  if (shards.reduce((sum, { records }) => sum + records, 0) <= maxFailedRecords) return;
  const done = await shardTries(output);
  // Which of several tries counts, only reading the part would tell: that with the fewest says too few at worst.
  const failed = done.reduce((sum, { tries }) => sum + Math.min(...tries.map((each) => each.failed)), 0);
  if (failed > maxFailedRecords) await writeJson(output, tooManyFailedFile, { failed, maxFailedRecords });
}
