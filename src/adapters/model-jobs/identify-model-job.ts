import { readBytes } from '../../core/batch/read-bytes.ts';
import { fileNames } from '../../core/model-jobs/file-names.ts';
import { findModelJob } from '../../core/model-jobs/find-model-job.ts';
import type { JobInput, ModelJob } from '../../core/model-jobs/model-job.ts';
import { modelJobPlaces } from '../../core/model-jobs/model-job-places.ts';
import type { StoredFile } from '../../ports/object-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { StoredEvent } from '../batch/identify-job.ts';
import { uploadedJobId } from '../batch/uploaded-job-id.ts';
import { parseSettings } from '../directory-model-store/parse-settings.ts';
import type { FoundVersion, S3ObjectStore } from '../s3-object-store/s3-object-store.ts';
import { parseJobRequest } from './parse-job-request.ts';

/** A job, and what is wrong with what asked for it. */
export interface IdentifiedJob {
  readonly job: ModelJob;
  readonly problem?: ServiceError;
}

const suffix = '.job.json';
/** Not in a folder: what lies there is what a job names. */
const plainModel = /^[^/]+\.onnx$/;
const maxBytes = 1024 * 1024;

/**
 * The job that a stored file means: a start that was asked for, or under `incoming/` a file whose name ends in
 * `.job.json` and which asks as `POST /v1/jobs` does, with files named from its folder; or, directly there, a model,
 * which is to be pushed by its name. Undefined for what is none. Named by bucket, key and version, so an event that
 * comes twice means one job, and a file that is stored again another.
 */
export async function identifyModelJob(
  data: S3ObjectStore,
  { bucket, object }: StoredEvent,
): Promise<IdentifiedJob | undefined> {
  const { key } = object;
  if (key.startsWith(modelJobPlaces.starts)) {
    const id = key.slice(modelJobPlaces.starts.length);
    const job = await findModelJob(data, id);
    return job && { job };
  }
  if (!key.startsWith(modelJobPlaces.incoming)) return undefined;
  const isModel = plainModel.test(key.slice(modelJobPlaces.incoming.length));
  if (!isModel && !key.endsWith(suffix)) return undefined;
  const found = await data.findVersion(key, object['version-id']);
  if (!found) return undefined;
  const id = uploadedJobId(bucket.name, found, 'job');
  const createdAt = Math.floor(found.storedAt.getTime() / 1000);
  try {
    return { job: { id, createdAt, ...(await (isModel ? pushOf(found) : readRequest(data, found))) } };
  } catch (error) {
    if (!(error instanceof ServiceError) || error.status >= 500) throw error;
    // So that whoever stored it finds it among the jobs, with the reason.
    const nothing = { kind: 'unknown', model: 'unknown', source: key, options: {}, inputs: {} };
    return { job: { id, createdAt, ...nothing }, problem: error };
  }
}

async function readRequest(data: S3ObjectStore, file: FoundVersion) {
  if (file.bytes > maxBytes)
    throw new ServiceError(413, `'${file.key}' is ${file.bytes} bytes, more than the ${maxBytes} of a job`);
  const text = new TextDecoder().decode(await readBytes(data, file));
  const request = await parseJobRequest(parsed(file.key, text));
  const folder = file.key.slice(0, file.key.lastIndexOf('/') + 1);
  const inputs: Record<string, JobInput> = {};
  for (const name of fileNames(request)) inputs[name] = await inputOf(data, folder, name);
  return { ...request, inputs };
}

/** The name of the file is that of the model. */
async function pushOf({ key, bytes, version }: FoundVersion) {
  const filename = key.slice(modelJobPlaces.incoming.length);
  const model = filename.slice(0, filename.lastIndexOf('.'));
  const request = await parseJobRequest({ kind: 'push', model, source: { files: { [filename]: filename } } });
  return { ...request, inputs: { [filename]: { key, bytes, version, filename } } };
}

function parsed(key: string, text: string): unknown {
  try {
    return parseSettings(text);
  } catch (error) {
    throw new ServiceError(400, `'${key}': ${(error as Error).message}`);
  }
}

async function inputOf(data: S3ObjectStore, folder: string, name: string): Promise<JobInput> {
  // What lies elsewhere may be another's.
  if (name.startsWith('/') || name.split('/').includes('..'))
    throw new ServiceError(400, `'${name}' leads out of the job's folder`);
  const stored: StoredFile | undefined = await data.find(folder + name);
  if (!stored) throw new ServiceError(404, `there is no file '${folder}${name}': store what a job names before it`);
  return { ...stored, filename: name.slice(name.lastIndexOf('/') + 1) };
}
