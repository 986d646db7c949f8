import type { CreatedFile, FileContent, ObjectStore, StoredFile } from '../../ports/object-store.ts';
import { workFolder } from '../batch/work-files.ts';
import type { BatchJob } from './batch-job.ts';
import { jobPlaces } from './job-places.ts';

/**
 * The files of one job, by their names in its folder. What it needs only until it is done lies apart from its results,
 * so that a rule of the store can let go of what a job that was cut off has left.
 */
export class JobFiles implements ObjectStore {
  readonly #data: ObjectStore;
  readonly #job: Pick<BatchJob, 'id' | 'folder'>;

  constructor(data: ObjectStore, job: Pick<BatchJob, 'id' | 'folder'>) {
    this.#data = data;
    this.#job = job;
  }

  async find(key: string): Promise<StoredFile | undefined> {
    const file = await this.#data.find(this.keyOf(key));
    return file && { ...file, key };
  }

  read(file: StoredFile, start?: number, end?: number): AsyncIterable<Uint8Array> {
    return this.#data.read({ ...file, key: this.keyOf(file.key) }, start, end);
  }

  async list(prefix: string): Promise<readonly StoredFile[]> {
    const place = this.keyOf(prefix);
    const files = await this.#data.list(place);
    return files.map((file) => ({ ...file, key: prefix + file.key.slice(place.length) }));
  }

  create(
    key: string,
    body: AsyncIterable<Uint8Array>,
    beforehand?: (content: FileContent) => Promise<void>,
  ): Promise<CreatedFile> {
    return this.#data.create(this.keyOf(key), body, beforehand);
  }

  measure(file: StoredFile): Promise<FileContent> {
    return this.#data.measure({ ...file, key: this.keyOf(file.key) });
  }

  remove(key: string): Promise<void> {
    return this.#data.remove(this.keyOf(key));
  }

  /** Where a file of the job is in the data store. */
  keyOf(key: string): string {
    const { id, folder } = this.#job;
    return key.startsWith(workFolder) ? `${jobPlaces.work}${id}/${key.slice(workFolder.length)}` : folder + key;
  }
}
