import { inParallel } from '../../core/batch/in-parallel.ts';
import type { HostUsage } from '../../core/usage/host-usage.ts';
import type { ObjectStore, StoredFile } from '../../ports/object-store.ts';
import { jsonIn } from '../../protocol/json-in.ts';
import { newestText } from '../newest-text.ts';

interface Known {
  readonly version: string;
  readonly usage: HostUsage | undefined;
}

/** Files read at once. */
const atOnce = 16;

/** Reads what hosts have counted. A file that it has read, and that is the same still, is not read again. */
export class UsageReader {
  readonly #store: Pick<ObjectStore, 'list' | 'read'>;
  #known = new Map<string, Known>();

  constructor(store: Pick<ObjectStore, 'list' | 'read'>) {
    this.#store = store;
  }

  /**
   * What all hosts have counted from the day `from` to the day `to`, both included, as in 2026-11-29. Files that are
   * none of theirs are passed over. Rejects with ServiceError 503 where they cannot be read.
   */
  async read(from: string, to: string): Promise<readonly HostUsage[]> {
    const files = (await this.#store.list(commonPrefix(from, to))).filter(({ key }) => {
      const day = key.slice(0, 10);
      return /^\d{4}-\d{2}-\d{2}\/[^/]+\.json$/.test(key) && day >= from && day <= to;
    });
    const known = new Map<string, Known>();
    await inParallel(files, atOnce, async (file) => {
      known.set(file.key, await this.#one(file));
    });
    this.#known = known;
    return files.flatMap(({ key }) => known.get(key)?.usage ?? []);
  }

  async #one(listed: StoredFile): Promise<Known> {
    const before = this.#known.get(listed.key);
    if (before?.version === listed.version) return before;
    // Its host may have written it again meanwhile.
    const { file, text } = await newestText(this.#store, listed);
    return { version: file.version, usage: parsed(text) };
  }
}

/** What days from one to another have in common: fewer keys are listed. */
function commonPrefix(from: string, to: string): string {
  let length = 0;
  while (length < from.length && from[length] === to[length]) length += 1;
  return from.slice(0, length);
}

function parsed(text: string): HostUsage | undefined {
  const usage = jsonIn(text) as HostUsage | null | undefined;
  return usage && Array.isArray(usage.rows) && typeof usage.host?.id === 'string' ? usage : undefined;
}
