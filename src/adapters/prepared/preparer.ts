import { selectVersions } from '../../core/select-versions.ts';
import type { ModelStore, StoredModel } from '../../ports/model-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { saysAll } from '../says-all.ts';
import type { ServiceLog } from '../service-log.ts';
import type { ChangedModel } from './changed-model.ts';
import { prepareVersion } from './prepare-version.ts';

export interface PreparerOptions {
  /** Where forms are made; the folder of the store's cache, which removes what a killed process has left. */
  readonly scratchFolder: string;
  /** Bytes of memory that there are now. */
  readonly freeBytes: () => number;
  /** Milliseconds until this process ends. */
  readonly timeLeftMs: () => number;
  readonly log: ServiceLog;
}

interface Version {
  readonly name: string;
  readonly version: number;
}

// The largest version that there is memory for takes less.
const leastMs = 120_000;

/**
 * Prepares, for machines of this kind, what a repository has no prepared form of that fits.
 *
 * What is the model's own (it does not load, is too large, wins nothing) is said in the log, for another try would find
 * the same. Rejects for what another try may mend, once the others are done.
 */
export class Preparer {
  readonly #store: ModelStore;
  readonly #options: PreparerOptions;

  constructor(store: ModelStore, options: PreparerOptions) {
    this.#store = store;
    this.#options = options;
  }

  /**
   * Prepares the version that changed, if it is whole; after a change of a model's settings all that are served, also
   * those that were tried in vain.
   */
  async prepare({ name, version }: ChangedModel): Promise<void> {
    const model = await this.#store.find(name);
    const served = model ? servedOf(model) : [];
    if (version === undefined) return this.#each(served, true);
    if (model?.versions.includes(version)) return this.#each([{ name, version }], false);
    this.#options.log.info({ model: name, version }, 'a version is not there, or not whole yet');
  }

  /** Prepares all that is served: the machine, or its runtime, may be another than before. */
  async prepareAll(): Promise<void> {
    const models = await this.#store.list();
    await this.#each(models.flatMap(servedOf), false);
  }

  async #each(versions: readonly Version[], isAgain: boolean): Promise<void> {
    const failures: unknown[] = [];
    for (const [done, version] of versions.entries()) {
      if (done > 0 && this.#options.timeLeftMs() < leastMs)
        throw new Error(`the time is up, and ${versions.length - done} of ${versions.length} versions are left`);
      await this.#ensure(version, isAgain).catch((error) => failures.push(error));
    }
    const [first] = failures;
    if (first instanceof Error && failures.length === 1) throw first;
    if (first !== undefined)
      throw new Error(`${failures.length} of ${versions.length} versions were not prepared`, { cause: first });
  }

  async #ensure({ name, version }: Version, isAgain: boolean): Promise<void> {
    const { log, freeBytes, scratchFolder } = this.#options;
    const fields = { model: name, version };
    const whyKept = await this.#whyKept(name, version, isAgain);
    if (whyKept !== undefined) return log.info({ ...fields, reason: whyKept }, 'a version is left as it is');
    try {
      const room = { memoryBytes: freeBytes(), scratchFolder };
      const { whyNot, figures } = await prepareVersion(this.#store, name, version, room);
      if (whyNot === '') log.info({ ...fields, outcome: 'prepared', figures }, 'a version was prepared');
      else log.info({ ...fields, outcome: 'unfit', reason: whyNot, figures }, 'a version is not worth preparing');
    } catch (error) {
      if (!isItsOwn(error)) throw error;
      log.warn({ ...fields, outcome: 'impossible', reason: error.message }, 'a version cannot be prepared');
    }
  }

  /** Why nothing is to be done; undefined where the version has no form that can be used. */
  async #whyKept(name: string, version: number, isAgain: boolean): Promise<string | undefined> {
    try {
      const form = await this.#store.fetchPrepared(name, version);
      if (!('whyNot' in form)) {
        form.release?.();
        return 'it has a prepared form';
      }
      return form.wasTried && !isAgain ? form.whyNot : undefined;
    } catch {
      // It is damaged, or the store cannot be read, which shows next.
      return undefined;
    }
  }
}

function servedOf(model: StoredModel): readonly Version[] {
  return selectVersions(model).map((version) => ({ name: model.name, version }));
}

/** Whether another try would find the same: the model is at fault, or too large. */
function isItsOwn(error: unknown): error is Error {
  return saysAll(error) || (error instanceof ServiceError && error.status === 507);
}
