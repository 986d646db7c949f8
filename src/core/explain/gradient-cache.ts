import type { Gradients, GradientWish, OpenGradients } from '../../ports/gradients.ts';

interface Slot {
  readonly loading: Promise<Gradients>;
  bytes: number;
  users: number;
}

/**
 * Keeps what gives gradients from one explanation to the next, within a budget.
 *
 * Explanations that arrive while it is made share it. What is over the budget is let go as soon as nobody uses it, the
 * one used longest ago first; one that alone is larger serves those who use it, and then goes.
 */
export class GradientCache {
  // A Map keeps insertion order; re-inserting on use puts the oldest first.
  readonly #slots = new Map<string, Slot>();
  readonly #open: OpenGradients;
  readonly #maxBytes: number;

  /** @param maxBytes of files of models that give gradients */
  constructor(open: OpenGradients, maxBytes: number) {
    this.#open = open;
    this.#maxBytes = maxBytes;
  }

  /** Works with what gives the gradients that are wished for. Rejects as `open` and `work` do. */
  async use<T>(wish: GradientWish, work: (gradients: Gradients) => Promise<T>): Promise<T> {
    const key = JSON.stringify(wish);
    const slot = this.#slots.get(key) ?? this.#load(key, wish);
    this.#slots.delete(key);
    this.#slots.set(key, slot);
    slot.users += 1;
    try {
      return await work(await slot.loading);
    } finally {
      slot.users -= 1;
      await this.#makeRoom();
    }
  }

  #load(key: string, wish: GradientWish): Slot {
    const slot: Slot = { loading: this.#open(wish), bytes: 0, users: 0 };
    slot.loading.then(
      ({ bytes }) => {
        slot.bytes = bytes;
      },
      // A failed load is forgotten, so the next explanation tries again.
      () => this.#slots.delete(key),
    );
    return slot;
  }

  async #makeRoom(): Promise<void> {
    let over = -this.#maxBytes;
    for (const { bytes } of this.#slots.values()) over += bytes;
    for (const [key, slot] of this.#slots) {
      if (over <= 0) return;
      if (slot.users > 0) continue;
      this.#slots.delete(key);
      over -= slot.bytes;
      await (await slot.loading).release();
    }
  }
}
