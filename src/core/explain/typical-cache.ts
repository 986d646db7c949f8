import type { ModelVersion } from '../model-version.ts';
import { type TypicalInputs, typicalInputs } from './typical-inputs.ts';

interface Kept {
  /** A version that was stored or loaded anew may be another: its files may have changed. */
  readonly of: WeakRef<ModelVersion>;
  readonly loads: number;
  readonly found: Promise<TypicalInputs | undefined>;
  size: number;
}

/** The text of a version's samples.jsonl; undefined where it has none. */
export type ReadSamples = (name: string, version: number) => Promise<string | undefined>;

/** Of all versions together, in numbers and characters. */
const mostKept = 1_000_000;
/** What an entry takes beside its values, as so many of them. */
const entrySize = 100;

/**
 * Keeps what inputs of versions usually are from one explanation to the next, up to a bound.
 *
 * Explanations that arrive while samples are read share that. The version explained longest ago goes first. One without
 * samples is looked at again, as they may come, and so is one that was loaded anew.
 */
export class TypicalCache {
  readonly #read: ReadSamples;
  readonly #most: number;
  // A Map keeps insertion order; re-inserting on use puts the oldest first.
  readonly #kept = new Map<string, Kept>();

  /** @param most numbers and characters of all that is kept */
  constructor(read: ReadSamples, most = mostKept) {
    this.#read = read;
    this.#most = most;
  }

  /** Undefined where the version has no samples, or none that hold. Rejects where they cannot be read. */
  async of(version: ModelVersion): Promise<TypicalInputs | undefined> {
    const key = version.label;
    const known = this.#kept.get(key);
    const kept = known?.of.deref() === version && known.loads === version.loads ? known : this.#look(version);
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    const forget = () => {
      if (this.#kept.get(key) === kept) this.#kept.delete(key);
    };
    const found = await kept.found.catch((error) => {
      forget();
      throw error;
    });
    if (!found) forget();
    else {
      kept.size = entrySize + sizeOf(found);
      this.#makeRoom();
    }
    return found;
  }

  #look(version: ModelVersion): Kept {
    const found = this.#read(version.name, version.version).then((text) =>
      text === undefined ? undefined : typicalInputs(text, version.task?.preprocess.columns),
    );
    return { of: new WeakRef(version), loads: version.loads, found, size: entrySize };
  }

  #makeRoom(): void {
    let over = -this.#most;
    for (const { size } of this.#kept.values()) over += size;
    for (const [key, { size }] of this.#kept) {
      if (over <= 0) return;
      this.#kept.delete(key);
      over -= size;
    }
  }
}

function sizeOf({ values }: TypicalInputs): number {
  let size = 0;
  for (const row of values.values()) for (const value of row) size += typeof value === 'string' ? value.length : 1;
  return size;
}
