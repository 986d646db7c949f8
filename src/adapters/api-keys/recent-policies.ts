import type { KeyEntry } from './key-entry.ts';
import { openKeyFile } from './open-key-file.ts';
import { parseKeyFile } from './parse-key-file.ts';
import { policiesFile } from './policies-file.ts';

/** For how long policies that were read count. */
const keptMs = 5000;

/**
 * The policies of a model repository, as they were seconds ago at most: read again by whoever asks for them then, as environments of
 * Lambda stand still between their requests.
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
    this.#readAtMs = now;
    const known = this.#read();
    this.#known = known;
    known.catch(() => {
      if (this.#known === known) this.#known = undefined;
    });
    return known;
  }
}
