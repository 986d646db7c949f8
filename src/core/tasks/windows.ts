import type { StateTensor } from '../../ports/model-store.ts';
import type { InputTensor } from '../../protocol/inference.ts';
import type { FixedTensor } from '../../protocol/tensor.ts';

/** The inputs of an item that is run piece by piece, made as they are needed. */
export interface Windows {
  readonly count: number;
  /** All inputs of a window but the state. */
  at(index: number): readonly InputTensor[];
  /** What goes from window to window. */
  readonly state: readonly StateTensor[];
  /** As the first window finds it. */
  beginning(): readonly FixedTensor[];
  /** From the beginning of a window to that of the next, in samples. */
  readonly hop: number;
  /** Samples of the whole, and of a second. */
  readonly samples: number;
  readonly sampleRate: number;
}
