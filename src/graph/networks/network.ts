/** A small network that can be made from nothing. */
export type NetworkKind = 'mlp' | 'cnn' | 'logistic' | 'linear';

/** What a network takes and gives, and how large it is. */
export interface Network {
  readonly kind: NetworkKind;
  /**
   * Sizes of its layers: those of an MLP between input and output, the channels of a CNN. Logistic and linear ones have
   * none.
   */
  readonly hidden: readonly number[];
  /** FP32, of `shape` for each row: [columns], or [channels, height, width] of a picture. */
  readonly input: {
    readonly name: string;
    readonly shape: readonly number[];
    /** What a CNN takes columns for. */
    readonly picture?: readonly [channels: number, height: number, width: number];
    /** Taken off each column, or channel, before all else, which is then multiplied by `scale`. */
    readonly normal?: Normal;
  };
  /** `logits` for classes, `value` of a number, or a vector. */
  readonly output: {
    readonly name: 'logits' | 'value' | 'sentence_embedding';
    readonly size: number;
    readonly normal?: Normal;
  };
}

/** What values have to be less, and by how much multiplied, to have a mean of 0 and a variance of 1. */
export interface Normal {
  readonly mean: readonly number[];
  readonly scale: readonly number[];
}
