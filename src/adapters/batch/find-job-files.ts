import { reportFile } from '../../core/batch/finish-job.ts';
import { readJson } from '../../core/batch/read-json.ts';
import { planFile } from '../../core/batch/work-files.ts';
import type { BatchJob } from '../../core/batch-jobs/batch-job.ts';
import { JobFiles } from '../../core/batch-jobs/job-files.ts';
import { jobName } from '../../core/batch-jobs/job-name.ts';
import { jobPlaces } from '../../core/batch-jobs/job-places.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import { absolutePlace } from '../absolute-place.ts';
import { placeOf } from '../place-of.ts';
import { parseS3Uri } from '../s3-model-store/parse-s3-uri.ts';
import { openS3ObjectStore } from '../s3-object-store/open-s3-object-store.ts';
import { openFolder } from './open-folder.ts';
import { uploadedJobId } from './uploaded-job-id.ts';

/** The files of a job, and where its results are. */
export interface FoundJobFiles {
  readonly output: ObjectStore;
  readonly results: string;
  /** Absent for one that the command does. */
  readonly job?: BatchJob;
}

/**
 * Finds a job by where it is: the folder of its results, here or in a bucket; or, of a deployment's job, the object
 * that it is about. Rejects with an Error where there is none.
 */
export async function findJobFiles(uri: string): Promise<FoundJobFiles> {
  const place = placeOf(uri);
  const folder = openFolder(uri);
  if ((await folder.find(reportFile)) ?? (await folder.find(planFile))) {
    return { output: folder, results: absolutePlace(place) };
  }
  const deployed = 's3' in place ? await findDeployedJob(place.s3) : undefined;
  if (deployed) return deployed;
  throw new Error(
    `there is no job at '${uri}': expected its folder of results, the s3:// URI of what a deployment's job is about, or --url and an id`,
  );
}

/** A job of a deployment over this bucket, by the last name of its folder, or by its input. */
async function findDeployedJob(uri: string): Promise<FoundJobFiles | undefined> {
  const { bucket, prefix } = parseS3Uri(uri);
  const key = prefix.slice(0, -1);
  if (key === '') return undefined;
  const data = openS3ObjectStore(`s3://${bucket}`);
  const named = key.slice(key.lastIndexOf('/') + 1);
  const upload = jobName.test(named) ? undefined : await data.findVersion(key, undefined);
  const id = upload ? uploadedJobId(bucket, upload) : named;
  if (!jobName.test(id)) return undefined;
  const job = await readJson<BatchJob>(data, `${jobPlaces.jobs}${id}.json`);
  return job && { output: new JobFiles(data, job), results: `s3://${bucket}/${job.folder}`, job };
}
