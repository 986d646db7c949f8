import type { Caller } from '../../ports/caller.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { readJson } from '../batch/read-json.ts';
import { unlessBroken } from '../batch/unless-broken.ts';
import { foundPage } from './found-page.ts';
import { isOwner } from './is-owner.ts';

interface OwnJobsOptions<Job> {
  readonly data: ObjectStore;
  /** undefined: nobody was asked for a key */
  readonly caller: Caller | undefined;
  /** Where jobs are kept, each by its id. */
  readonly place: string;
  /** What ids look like. They begin with what sorts the newest first. */
  readonly pattern: RegExp;
  /** What callers call such a job. */
  readonly noun: string;
  /** Those that it is about. */
  readonly isMeant?: ((job: Job) => boolean) | undefined;
}

/** The stored jobs of a caller: others are not there for it. */
export class OwnJobs<Job extends { readonly owner?: string | undefined; readonly createdAt: number }> {
  readonly #options: OwnJobsOptions<Job>;

  constructor(options: OwnJobsOptions<Job>) {
    this.#options = options;
  }

  /** Rejects with ServiceError 404 where there is none. */
  async find(id: string): Promise<Job> {
    const job = await this.stored(id);
    if (job) return job;
    throw this.#missing(id);
  }

  /** Jobs after one, the newest first. Rejects with ServiceError 404 where there is no such one. */
  async page(
    after: string | undefined,
    limit: number,
  ): Promise<{ readonly jobs: readonly Job[]; readonly hasMore: boolean }> {
    const { data, place, pattern } = this.#options;
    if (after !== undefined && !(await this.stored(after))) throw this.#missing(after, 'after');
    const ids = (await data.list(place)).map(({ key }) => key.slice(place.length).replace(/\.json$/, ''));
    const left = ids.filter((id) => pattern.test(id) && (after === undefined || id > after));
    const { found, hasMore } = await foundPage(left, limit, (id) => this.stored(id));
    return { jobs: found, hasMore };
  }

  #missing(id: string, field?: string): ServiceError {
    const message = `there is no ${this.#options.noun} '${id.slice(0, 100)}'`;
    return new ServiceError(404, message, field === undefined ? {} : { field });
  }

  /** Undefined where there is none. */
  async stored(id: string): Promise<Job | undefined> {
    const { data, place, caller, pattern, isMeant = () => true } = this.#options;
    if (!pattern.test(id)) return undefined;
    const job = await readJson<Job>(data, `${place}${id}.json`).catch(unlessBroken());
    return job && isOwner(caller, job.owner) && isMeant(job) ? job : undefined;
  }
}
