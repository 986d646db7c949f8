import type { RequestsInHand } from '../requests-in-hand.ts';

/** A message that has arrived whole. It counts among the bytes in hand until it is released. */
export class ReceivedMessage {
  readonly bytes: Uint8Array;
  readonly #inHand: RequestsInHand;
  #held: number;

  constructor(bytes: Uint8Array, held: number, inHand: RequestsInHand) {
    this.bytes = bytes;
    this.#inHand = inHand;
    this.#held = held;
  }

  release(): void {
    this.#inHand.give(this.#held);
    this.#held = 0;
  }
}
