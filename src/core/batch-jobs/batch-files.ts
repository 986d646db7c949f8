import type { BatchHost } from '../../ports/batch-host.ts';
import type { Caller } from '../../ports/caller.ts';
import type { StoredFile } from '../../ports/object-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { BatchReport } from '../batch/batch-report.ts';
import { errorsFile, reportFile } from '../batch/finish-job.ts';
import { readJson } from '../batch/read-json.ts';
import { unlessBroken } from '../batch/unless-broken.ts';
import { writeJson } from '../batch/write-json.ts';
import { onePiece } from '../one-piece.ts';
import type { BatchJob } from './batch-job.ts';
import { foundPage } from './found-page.ts';
import { isOwner } from './is-owner.ts';
import { JobFiles } from './job-files.ts';
import { jobPlaces } from './job-places.ts';
import { outputFile } from './join-parts.ts';
import { newestFirst } from './newest-first.ts';

/** What callers may upload files for. */
export const uploadPurposes = ['batch', 'fine-tune'] as const;
export type UploadPurpose = (typeof uploadPurposes)[number];

/** A file that a caller uploads. */
export interface Upload extends Pick<BatchFile, 'filename'> {
  readonly content: Uint8Array;
  readonly purpose: UploadPurpose;
}

/** A file as callers know it. */
export interface BatchFile {
  readonly id: string;
  readonly filename: string;
  readonly purpose: UploadPurpose | 'batch_output';
  readonly createdAt: number;
  readonly stored: StoredFile;
}

export interface FilesPage {
  readonly files: readonly BatchFile[];
  readonly hasMore: boolean;
}

/** Which files are asked for. */
export interface FilesQuery {
  /** The id before the first. */
  readonly after: string | undefined;
  readonly limit: number;
  /** By when they were made: the oldest first, or the newest. */
  readonly order: 'asc' | 'desc';
  readonly purpose: string | undefined;
}

interface FileNotes extends Pick<BatchFile, 'filename' | 'createdAt'> {
  /** Name of the caller who uploaded it. */
  readonly owner?: string;
  /** @default batch */
  readonly purpose?: UploadPurpose;
}

const uploaded = /^file-[0-9a-f]{32}$/;
const resulting = /^file-(batch_[0-9a-f]{24})-(input|output|errors)$/;
const mostListed = 1000;
const exchanged = /^uploads\/[0-9a-f-]{36}$/;

/**
 * The files of jobs: those that callers uploaded, and those that jobs have made. A caller has its own alone: others are
 * not there for it.
 */
export class BatchFiles {
  readonly #host: Pick<BatchHost, 'data' | 'needs'>;
  readonly #caller: Caller | undefined;

  constructor(host: Pick<BatchHost, 'data' | 'needs'>, caller: Caller | undefined) {
    this.#host = host;
    this.#caller = caller;
  }

  /** Stores what a caller uploads, under an id that cannot be guessed. */
  async create({ content, filename, purpose }: Upload, at: Date): Promise<BatchFile> {
    const id = `file-${newestFirst(at)}${crypto.randomUUID().replaceAll('-', '').slice(11)}`;
    const key = jobPlaces.files + id;
    await this.#host.data.create(key, onePiece(content));
    const owner = this.#caller?.name;
    const createdAt = Math.floor(at.getTime() / 1000);
    const notes: FileNotes = { filename, createdAt, purpose, ...(owner !== undefined && { owner }) };
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

  /** What was uploaded and what jobs have made, by when it was asked for; at most 1000 at once. */
  async list({ after, limit, order, purpose }: FilesQuery): Promise<FilesPage> {
    if (after !== undefined && !uploaded.test(after) && !resulting.test(after)) {
      throw new ServiceError(400, `parameter 'after': expected the id of a file, got '${after.slice(0, 100)}'`, {
        field: 'after',
      });
    }
    const compare = order === 'desc' ? newerFirst : (a: string, b: string) => newerFirst(b, a);
    const all = (await this.#candidates(purpose)).sort(compare);
    // The file of that id may be deleted by now: whoever deletes page by page asks so.
    const ids = after === undefined ? all : all.filter((id) => compare(id, after) > 0);
    const { found, hasMore } = await foundPage(ids, Math.min(limit, mostListed), async (id) => {
      const file = await this.#findIfThere(id);
      return purpose === undefined || file?.purpose === purpose ? file : undefined;
    });
    return { files: found, hasMore };
  }

  /**
   * Deletes what was uploaded. Rejects with ServiceError 404 where there is none, 403 for what is not a caller's to
   * delete, 409 while a job needs it.
   */
  async remove(id: string): Promise<void> {
    await this.find(id);
    if (!uploaded.test(id)) {
      throw new ServiceError(
        403,
        `'${id}' was not uploaded to /v1/files: it is in the data bucket for as long as that keeps it`,
      );
    }
    const key = jobPlaces.files + id;
    if (this.#host.needs(key)) {
      throw new ServiceError(
        409,
        `'${id}' is the input of a batch that is not over: wait for its end, or cancel it first`,
      );
    }
    await this.#host.data.remove(key);
    await this.#host.data.remove(`${key}.json`);
  }

  /** Ids of all files of a purpose, and of some that a job may have made or not. */
  async #candidates(purpose: string | undefined): Promise<string[]> {
    const list = async (place: string, isWanted: boolean) =>
      isWanted ? (await this.#host.data.list(place)).map(({ key }) => key.slice(place.length)) : [];
    const wants = (...kinds: readonly string[]) => purpose === undefined || kinds.includes(purpose);
    const [files, jobs] = await Promise.all([
      list(jobPlaces.files, wants(...uploadPurposes)),
      list(jobPlaces.jobs, wants('batch_output')),
    ]);
    const made = jobs.flatMap((name) => {
      const job = name.replace(/\.json$/, '');
      return [`file-${job}-output`, `file-${job}-errors`];
    });
    return [...files.filter((id) => uploaded.test(id)), ...made];
  }

  async #findIfThere(id: string): Promise<BatchFile | undefined> {
    return this.find(id).catch((error) => {
      // What is in parts is no file to callers.
      if (error instanceof ServiceError && (error.status === 404 || error.status === 409)) return undefined;
      throw error;
    });
  }

  async #uploaded(id: string): Promise<BatchFile | undefined> {
    const isUpload = uploaded.test(id);
    if (!isUpload && !exchanged.test(id)) return undefined;
    const key = isUpload ? jobPlaces.files + id : id;
    const stored = await this.#host.data.find(key);
    const notes = isUpload ? await this.#readNote<FileNotes>(`${key}.json`) : undefined;
    // What was uploaded to a URL of the exchange has a name that nobody else knows.
    if (!stored || (isUpload && !isOwner(this.#caller, notes?.owner))) return undefined;
    const { filename = id, createdAt = 0, purpose = 'batch' } = notes ?? {};
    return { id, filename, purpose, createdAt, stored };
  }

  async #ofJob(id: string, jobId: string, kind: string): Promise<BatchFile | undefined> {
    const job = await this.#readNote<BatchJob>(`${jobPlaces.jobs}${jobId}.json`);
    if (!job || !isOwner(this.#caller, job.owner)) return undefined;
    const { createdAt, input } = job;
    if (kind === 'input') return { id, filename: nameOf(input.key), purpose: 'batch', createdAt, stored: input };
    const output = new JobFiles(this.#host.data, job);
    const name = kind === 'errors' ? errorsFile : await this.#outputOf(output, job);
    const stored = await this.#host.data.find(output.keyOf(name));
    return stored && { id, filename: name, purpose: 'batch_output', createdAt, stored };
  }

  async #readNote<T>(key: string): Promise<T | undefined> {
    return readJson<T>(this.#host.data, key).catch(unlessBroken());
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

/** Compares ids by the time in them, which comes after what tells a job's files from an upload. */
function newerFirst(a: string, b: string): number {
  const [one, other] = [a, b].map((id) => id.replace(/^file-(batch_)?/, '')) as [string, string];
  return one < other ? -1 : one > other ? 1 : 0;
}

function nameOf(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}
