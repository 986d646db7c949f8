import type { StoredEvent } from '../src/adapters/batch/identify-job.ts';
import { identifyModelJob } from '../src/adapters/model-jobs/identify-model-job.ts';
import { planConversion } from '../src/adapters/model-jobs/plan-conversion.ts';
import { openS3ObjectStore } from '../src/adapters/s3-object-store/open-s3-object-store.ts';
import { reportFile } from '../src/core/batch/finish-job.ts';
import { readJson } from '../src/core/batch/read-json.ts';
import { writeJson } from '../src/core/batch/write-json.ts';
import type { ConversionFamily } from '../src/core/factory/convert/conversion-family.ts';
import { endModelJob } from '../src/core/model-jobs/end-model-job.ts';
import type { ModelJob } from '../src/core/model-jobs/model-job.ts';
import { modelJobKey } from '../src/core/model-jobs/model-job-key.ts';
import { roundsPlace } from '../src/core/model-jobs/rounds-place.ts';
import { type JobStart, runFiles, startedFile } from '../src/core/model-jobs/run-files.ts';
import { sourceBytes } from '../src/core/model-jobs/source-bytes.ts';
import { takesLong } from '../src/core/model-jobs/takes-long.ts';
import { ServiceError } from '../src/protocol/service-error.ts';
import { needed } from './needed.ts';

export interface BeginEvent {
  readonly detail: StoredEvent;
  /** The execution of the state machine: no other may do the job. */
  readonly execution: string;
}

/** What the state machine goes by. `none`: there is nothing to do, or another execution does it. */
export type BeginOutcome =
  | { readonly state: 'none' }
  | { readonly state: 'refused' | 'function' | 'container'; readonly job: string }
  /** In a container of the family; the function judges what comes of it. */
  | { readonly state: `convert-${ConversionFamily}`; readonly job: string; readonly plan: string };

const data = openS3ObjectStore(needed('TENSORGATE_DATA'));
const models = openS3ObjectStore(needed('TENSORGATE_MODELS'));
const functionBytes = Number(needed('TENSORGATE_JOB_BYTES'));
const hasContainers = process.env.TENSORGATE_JOB_CONTAINERS === 'true';
const converts = process.env.TENSORGATE_JOB_CONVERSIONS === 'true';

/** Takes the job that a stored file means, once, and says where it is done. */
export async function handler({ detail, execution }: BeginEvent): Promise<BeginOutcome> {
  const identified = await identifyModelJob(data, detail);
  if (!identified) return { state: 'none' };
  const { job, problem } = identified;
  await writeJson(data, modelJobKey(job.id), job);
  const output = runFiles(data, job.id);
  if (await output.find(reportFile)) return { state: 'none' };
  const start: JobStart = { at: new Date().toISOString(), by: execution };
  const { isNew } = await writeJson(output, startedFile, start);
  if (!isNew && (await readJson<JobStart>(output, startedFile))?.by !== execution) return { state: 'none' };
  try {
    if (problem) throw problem;
    const state = await placeFor(job);
    if (job.kind !== 'convert') return { state, job: job.id };
    const { family, url: plan } = await planConversion(data, job);
    return { state: `convert-${family}`, job: job.id, plan };
  } catch (error) {
    if (!(error instanceof ServiceError) || error.status >= 500) throw error;
    await endModelJob(output, job, { status: 'failed', reason: error.message, versions: [] }, new Date());
    return { state: 'refused', job: job.id };
  }
}

async function placeFor(job: ModelJob): Promise<'function' | 'container'> {
  if (job.kind === 'convert' && !converts)
    throw new ServiceError(
      400,
      'convert runs Python, which no job of this deployment has: give jobs convertMemoryMb in cdk/stages.ts, or run tensorgate convert where Python is, with --models at the bucket',
    );
  const bytes = await sourceBytes(models, job);
  // What takes long of a training by several workers, these do; of a conversion, what is done here is to judge it.
  const isInRounds = roundsPlace(job) !== undefined;
  const isForFunction = isInRounds || job.kind === 'convert';
  if (hasContainers && !isForFunction && (takesLong(job) || bytes > functionBytes)) return 'container';
  if (bytes <= functionBytes) return 'function';
  throw new ServiceError(
    413,
    `the job's files are ${bytes} bytes, more than the ${functionBytes} that its function has room for; give jobs more memory${isInRounds ? ', or leave workers out where there are containers,' : ', or containers,'} in cdk/stages.ts`,
  );
}
