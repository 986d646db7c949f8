import type { BatchHost } from '../../ports/batch-host.ts';
import type { StoredFile } from '../../ports/object-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { BatchReport } from '../batch/batch-report.ts';
import { errorsFile, reportFile } from '../batch/finish-job.ts';
import { readJson } from '../batch/read-json.ts';
import { writeJson } from '../batch/write-json.ts';
import type { BatchJob } from './batch-job.ts';
import { JobFiles } from './job-files.ts';
import { jobPlaces } from './job-places.ts';
import { outputFile } from './join-parts.ts';

/** A file as callers know it. */
export interface BatchFile {
  readonly id: string;
  readonly filename: string;
  readonly purpose: 'batch' | 'batch_output';
  readonly createdAt: number;
  readonly stored: StoredFile;
}

type FileNotes = Pick<BatchFile, 'filename' | 'createdAt'>;

const uploaded = /^file-[0-9a-f]{32}$/;
const resulting = /^file-(batch_[0-9a-f]{24})-(input|output|errors)$/;
const exchanged = /^uploads\/[0-9a-f-]{36}$/;

/** The files of batch jobs: those that callers uploaded, and those that jobs have made. Whoever knows a file's id may use it. */
export class BatchFiles {
  readonly #host: BatchHost;

  constructor(host: BatchHost) {
    this.#host = host;
  }

  /** Stores what a caller uploads, under an id that cannot be guessed. */
  async create(id: string, content: Uint8Array, filename: string, at: Date): Promise<BatchFile> {
    const key = jobPlaces.files + id;
    await this.#host.data.create(key, once(content));
    const notes: FileNotes = { filename, createdAt: Math.floor(at.getTime() / 1000) };
    await writeJson(this.#host.data, `${key}.json`, notes);
    return this.find(id);
  }

  /** Rejects with ServiceError 404 where there is none. */
  async find(id: string): Promise<BatchFile> {
    const [, job, kind] = resulting.exec(id) ?? [];
    const file = job && kind ? await this.#ofJob(id, job, kind) : await this.#uploaded(id);
    if (file) return file;
    throw new ServiceError(404, `there is no file '${id.slice(0, 100)}'`);
  }

  async #uploaded(id: string): Promise<BatchFile | undefined> {
    const isUpload = uploaded.test(id);
    if (!isUpload && !exchanged.test(id)) return undefined;
    const key = isUpload ? jobPlaces.files + id : id;
    const stored = await this.#host.data.find(key);
    const notes = isUpload ? await readJson<FileNotes>(this.#host.data, `${key}.json`) : undefined;
    return stored && { id, filename: id, purpose: 'batch', createdAt: 0, ...notes, stored };
  }

  async #ofJob(id: string, jobId: string, kind: string): Promise<BatchFile | undefined> {
    const job = await readJson<BatchJob>(this.#host.data, `${jobPlaces.jobs}${jobId}.json`);
    if (!job) return undefined;
    const { createdAt, input } = job;
    if (kind === 'input') return { id, filename: nameOf(input.key), purpose: 'batch', createdAt, stored: input };
    const output = new JobFiles(this.#host.data, job);
    const name = kind === 'errors' ? errorsFile : await this.#outputOf(output, job);
    const stored = await this.#host.data.find(output.keyOf(name));
    return stored && { id, filename: name, purpose: 'batch_output', createdAt, stored };
  }

  async #outputOf(output: JobFiles, { requests, folder }: BatchJob): Promise<string> {
    if (requests) return outputFile;
    const parts = (await readJson<BatchReport>(output, reportFile))?.parts ?? [];
    if (parts.length <= 1) return parts[0]?.file ?? outputFile;
    throw new ServiceError(
      409,
      `the output is in ${parts.length} parts: read them from the data bucket, under ${folder}`,
    );
  }
}

function nameOf(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}

async function* once(content: Uint8Array): AsyncIterable<Uint8Array> {
  yield content;
}
