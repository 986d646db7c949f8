import type { Gradients, GradientWish, OpenGradients } from '../../ports/gradients.ts';
import type { ModelVersion } from '../model-version.ts';

/** What is wished of a version's gradients. */
type Wished = Pick<GradientWish, 'output' | 'isMeanOfRows' | 'by'>;

interface Slot {
  /** The version and the load whose weights it has: its files may have changed by the next. */
  readonly of: ModelVersion;
  readonly loads: number;
  readonly wished: string;
  readonly loading: Promise<Gradients>;
  bytes: number;
  users: number;
  /** Whether it was seen to be of another file than the store has. */
  isOutdated: boolean;
}

/**
 * Keeps what gives gradients from one explanation to the next, within a budget.
 *
 * Explanations that arrive while it is made share it, as long as it is of the weights that serve. Once their version is
 * let go or loaded anew it goes too, as soon as nobody uses it. So does what is over the budget, the one used longest
 * ago first; one that alone is larger serves those who use it, and then goes.
 */
export class GradientCache {
  // A Set keeps insertion order; re-inserting on use puts the oldest first.
  readonly #slots = new Set<Slot>();
  readonly #open: OpenGradients;
  readonly #maxBytes: number;

  /** @param maxBytes of files of models that give gradients */
  constructor(open: OpenGradients, maxBytes: number) {
    this.#open = open;
    this.#maxBytes = maxBytes;
  }

  /** Works with what gives the gradients of `version` that are wished for. Rejects as `open` and `work` do. */
  async use<T>(version: ModelVersion, wish: Wished, work: (gradients: Gradients) => Promise<T>): Promise<T> {
    const wished = JSON.stringify(wish);
    const known = this.#find(version, wished);
    if (known) known.isOutdated ||= !(await this.#with(known, (gradients) => gradients.isStill()));
    return this.#with(this.#find(version, wished) ?? this.#load(version, wish, wished), work);
  }

  /** Lets go of what is over the budget, or of weights that serve no more, where nobody uses it. Never rejects. */
  async letGo(): Promise<void> {
    let over = -this.#maxBytes;
    for (const { bytes } of this.#slots) over += bytes;
    for (const slot of this.#slots) {
      if (slot.users > 0 || (over <= 0 && serves(slot))) continue;
      this.#slots.delete(slot);
      over -= slot.bytes;
      await (await slot.loading).release();
    }
  }

  #find(version: ModelVersion, wished: string): Slot | undefined {
    return [...this.#slots].find((slot) => slot.of === version && slot.wished === wished && serves(slot));
  }

  #load(version: ModelVersion, wish: Wished, wished: string): Slot {
    const { name, version: number, digest, loads } = version;
    const loading = this.#open({ model: name, version: number, digest, ...wish });
    const slot: Slot = { of: version, loads, wished, loading, bytes: 0, users: 0, isOutdated: false };
    loading.then(
      ({ bytes }) => {
        slot.bytes = bytes;
      },
      // A failed load is forgotten, so the next explanation tries again.
      () => this.#slots.delete(slot),
    );
    return slot;
  }

  async #with<T>(slot: Slot, work: (gradients: Gradients) => Promise<T>): Promise<T> {
    this.#slots.delete(slot);
    this.#slots.add(slot);
    slot.users += 1;
    try {
      return await work(await slot.loading);
    } finally {
      slot.users -= 1;
      await this.letGo();
    }
  }
}

/** Whether its weights are those that the version answers by. */
function serves({ of, loads, isOutdated }: Slot): boolean {
  return !isOutdated && of.session !== undefined && of.loads === loads;
}
