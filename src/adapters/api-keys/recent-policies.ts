import type { KeyEntry } from './key-entry.ts';
import { openKeyFile } from './open-key-file.ts';
import { parseKeyFile } from './parse-key-file.ts';
import { policiesFile } from './policies-file.ts';

/** For how long policies that were read count. */
const keptMs = 5000;

/**
 * The policies of a model repository, as they were seconds ago at most: read again by whoever asks for them then, as
 * environments of Lambda stand still between their requests.
 */
export class RecentPolicies {
  readonly #read: () => Promise<readonly KeyEntry[]>;
  readonly #now: () => number;
  #known: Promise<readonly KeyEntry[]> | undefined;
  #readAtMs = 0;

  constructor(rootUri: string, now = Date.now) {
    const uri = policiesFile.of(rootUri);
    const file = openKeyFile(uri);
    let parsed: { readonly text: string; readonly keys: readonly KeyEntry[] } | undefined;
    this.#read = async () => {
      const text = await file.read();
      if (text === undefined) return [];
      if (parsed?.text !== text) parsed = { text, keys: (await parseKeyFile(text)).keys };
      return parsed.keys;
    };
    this.#now = now;
  }

  /** None where there is no such file. Rejects where it cannot be read, or is broken: nobody may pass then. */
  entries(): Promise<readonly KeyEntry[]> {
    const now = this.#now();
    if (this.#known && now - this.#readAtMs < keptMs) return this.#known;
    return this.#readNow(now);
  }

  /**
   * The policy of a key, by its hash. One that is not known is looked for in what is stored now: a key that was made a
   * moment ago must not pass for one without a policy. Rejects as `entries`.
   */
  async ofKey(sha256: string): Promise<KeyEntry | undefined> {
    const before = this.#readAtMs;
    const find = (entries: readonly KeyEntry[]) => entries.find((entry) => entry.sha256 === sha256);
    const found = find(await this.entries());
    // What was read for this very question is as new as can be.
    return found ?? (this.#readAtMs === before ? find(await this.#readNow(this.#now())) : undefined);
  }

  #readNow(now: number): Promise<readonly KeyEntry[]> {
    this.#readAtMs = now;
    const known = this.#read();
    this.#known = known;
    known.catch(() => {
      if (this.#known === known) this.#known = undefined;
    });
    return known;
  }
}
