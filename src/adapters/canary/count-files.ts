import { replaceJson } from '../../core/batch/replace-json.ts';
import type { AliasRelease } from '../../core/canary/alias-release.ts';
import type { CanaryCounts } from '../../core/canary/canary-counts.ts';
import type { RewritableStore } from '../../ports/object-store.ts';
import { jsonIn } from '../../protocol/json-in.ts';
import { readText } from '../read-text.ts';

/** An alias with a canary. */
type CountedRelease = Pick<AliasRelease, 'model' | 'alias' | 'target'>;

/** What a host writes of a canary. */
interface HostCounts {
  /** What was on trial: counts of another trial are none of this one. */
  readonly trial: string;
  readonly counts: CanaryCounts;
}

// More hosts add little to what is known, and each is a request.
const mostRead = 200;

/**
 * What the hosts of a model repository have counted of its canaries: `.canary/<model>/<alias>/<host>.json`, of each
 * host its own.
 */
export class CountFiles {
  readonly #store: RewritableStore;
  readonly #host: string;

  /**
   * @param store the files of `.canary`
   * @param host who writes; nothing where nobody does
   */
  constructor(store: RewritableStore, host = '') {
    this.#store = store;
    this.#host = host;
  }

  /** Writes what this host has counted. */
  async write(release: CountedRelease, counts: CanaryCounts): Promise<void> {
    const content: HostCounts = { trial: trialOf(release), counts };
    await replaceJson(this.#store, `${folderOf(release)}${this.#host}.json`, content);
  }

  /** What other hosts have, of the same trial; what is left of earlier ones is removed. */
  async readOthers(release: CountedRelease): Promise<readonly CanaryCounts[]> {
    return this.read(release, (key) => this.#store.remove(key));
  }

  /** What hosts have, but this one, of the same trial. */
  async read(
    release: CountedRelease,
    onStale: (key: string) => Promise<void> = async () => undefined,
  ): Promise<readonly CanaryCounts[]> {
    const own = `${folderOf(release)}${this.#host}.json`;
    const files = (await this.#store.list(folderOf(release))).filter(({ key }) => key !== own);
    const read = await Promise.all(
      files.slice(-mostRead).map(async ({ key }) => {
        const found = jsonIn((await readText(this.#store, key)) ?? '') as HostCounts | null | undefined;
        if (found?.trial === trialOf(release)) return found.counts;
        await onStale(key);
        return undefined;
      }),
    );
    return read.filter((counts) => counts !== undefined);
  }
}

function folderOf({ model, alias }: CountedRelease): string {
  return `${model}/${alias}/`;
}

function trialOf({ target }: CountedRelease): string {
  return JSON.stringify([target.version, target.canary]);
}
