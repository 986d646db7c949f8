import type { Context } from 'aws-lambda';
import { openFolder } from '../src/adapters/batch/open-folder.ts';
import { watchJob } from '../src/adapters/batch/watch-job.ts';
import { openS3ObjectStore } from '../src/adapters/s3-object-store/open-s3-object-store.ts';
import { openRoundMeans } from '../src/adapters/training/open-round-means.ts';
import { isJobOver } from '../src/core/batch-jobs/is-job-over.ts';
import { modelJobPlaces } from '../src/core/model-jobs/model-job-places.ts';
import { runFiles } from '../src/core/model-jobs/run-files.ts';
import type { RoundMeans } from '../src/core/training-rounds/round-means.ts';
import type { RowsPart } from '../src/core/training-rounds/rounds-files.ts';
import type { RewritableStore } from '../src/ports/object-store.ts';
import { needed } from './needed.ts';
import { stepLimit } from './step-limit.ts';

/** Work in a round: `store` has the files of all of them. */
export type RoundWork<T> = (store: RewritableStore, means: RoundMeans, signal: AbortSignal) => Promise<T>;

/** Does the work of rounds in a function. What it is done with stays open for the next round of the same job. */
export class RoundWorker {
  readonly #part: RowsPart;
  #opened: { readonly job: string; readonly means: Promise<RoundMeans> } | undefined;

  constructor(part: RowsPart) {
    this.#part = part;
  }

  /**
   * Undefined where the job is over, by itself or as it was cancelled. Rejects with what the work rejects with, and
   * before the function's time is up.
   */
  async do<T>(job: string, context: Context, work: RoundWork<T>): Promise<T | undefined> {
    const uri = needed('TENSORGATE_DATA');
    const output = runFiles(openS3ObjectStore(uri), job);
    if (await isJobOver(output)) return undefined;
    const limit = stepLimit(context, 'a round, or what it begins with,');
    const unwatch = watchJob(output, limit.abort);
    try {
      const store = openFolder(`${uri}/${modelJobPlaces.rounds}${job}`);
      return await work(store, await this.#meansOf(job, store), limit.signal);
    } catch (error) {
      if (await isJobOver(output)) return undefined;
      throw error;
    } finally {
      unwatch();
      limit.end();
    }
  }

  async #meansOf(job: string, store: RewritableStore): Promise<RoundMeans> {
    if (this.#opened?.job === job) return this.#opened.means;
    const before = this.#opened;
    this.#opened = undefined;
    await (await before?.means)?.trainer.release();
    const means = openRoundMeans(store, this.#part);
    this.#opened = { job, means };
    // What failed is tried anew.
    means.catch(() => {
      this.#opened = undefined;
    });
    return means;
  }
}
