/** A deterministic automaton over bytes. From every state that it has, an end can be reached. */
export interface ByteMachine {
  readonly id: number;
  /** The class of each byte. */
  readonly classes: Uint8Array;
  /** For each state, the state after a byte of each class; -1: no such byte may come. */
  readonly next: readonly Int32Array[];
  /** Bytes to the nearest end, for each state; 0: the text may end here. */
  readonly shortest: readonly number[];
}
