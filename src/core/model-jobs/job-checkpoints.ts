import type { ObjectStore, RewritableStore, StoredFile } from '../../ports/object-store.ts';
import { readJson } from '../batch/read-json.ts';
import { replaceJson } from '../batch/replace-json.ts';
import { checkpointsPlace } from './checkpoints-place.ts';
import type { ModelJob } from './model-job.ts';
import { resumedFile, runFiles } from './run-files.ts';

type CheckpointedJob = Pick<ModelJob, 'id' | 'kind' | 'model'>;

/** What `resumed.json` of a job holds. */
interface Resumption {
  /** The version of the checkpoint from which it went on. */
  readonly from: string;
  /** How often from that one. */
  readonly times: number;
}

/** What is lost so often without getting any further is lost by what it does. */
const mostTimes = 3;

/** Whether a job has kept how far it is. */
export async function hasCheckpoint(data: ObjectStore, job: CheckpointedJob): Promise<boolean> {
  return (await checkpointOf(data, job)) !== undefined;
}

/**
 * Whether a job whose process was lost is to go on from what it kept, which counts as a try. One that has kept nothing
 * may have stored what it made, and is not done twice.
 */
export async function mayGoOn(data: RewritableStore, job: CheckpointedJob): Promise<boolean> {
  const checkpoint = await checkpointOf(data, job);
  if (!checkpoint) return false;
  const output = runFiles(data, job.id);
  const before = await readJson<Resumption>(output, resumedFile);
  const times = before?.from === checkpoint.version ? before.times + 1 : 1;
  if (times > mostTimes) return false;
  const resumption: Resumption = { from: checkpoint.version, times };
  await replaceJson(data, output.keyOf(resumedFile), resumption);
  return true;
}

/** Lets go of what a job kept that is over, and of what it was about to keep. */
export async function dropCheckpoints(data: ObjectStore, job: CheckpointedJob): Promise<void> {
  const place = checkpointsPlace(job);
  if (place === undefined) return;
  for (const { key } of await data.list(`${place}/`)) await data.remove(key);
}

/** By the name that the command gives it: beside it may lie one that is not all there. */
async function checkpointOf(data: ObjectStore, job: CheckpointedJob): Promise<StoredFile | undefined> {
  const place = checkpointsPlace(job);
  return place === undefined ? undefined : data.find(`${place}/${job.model}.checkpoint`);
}
