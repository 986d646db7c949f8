import type { InputTensor } from '../protocol/inference.ts';
import type { FixedTensor } from '../protocol/tensor.ts';

/** What gradients are wanted of. */
export interface GradientWish {
  readonly model: string;
  readonly version: number;
  /** Of the version's files when it was loaded, as its store told of them. */
  readonly digest: string;
  /** The output with the scores; undefined: the one that there is. */
  readonly output: string | undefined;
  /**
   * Whether scores of several rows for an item, as of tokens, are as many as a row has, each the mean over the rows; else
   * all of them are scores, row after row.
   */
  readonly isMeanOfRows: boolean;
  /**
   * By an input, by the vectors that an input of tokens becomes, or by a value within the graph; the maps of the last
   * convolution, behind its activation, where it has no name.
   */
  readonly by:
    | { readonly kind: 'input' | 'tokens'; readonly name: string }
    | { readonly kind: 'layer'; readonly name: string | undefined };
}

/** The scores of some rows, and their gradients. */
export interface GradientRun {
  /** One of each row. */
  readonly scores: readonly number[];
  readonly gradient: FixedTensor;
  /** What they are the gradients by; absent where that is an input. */
  readonly value?: FixedTensor;
}

export interface GradientAsk {
  readonly inputs: readonly InputTensor[];
  /** The place of the score. */
  readonly target: number;
  /** Of tokens: what the vectors of each row are multiplied by. */
  readonly scale?: readonly number[];
}

/** A model that gives gradients, loaded. */
export interface Gradients {
  /** The version whose weights it has. */
  readonly version: string;
  /** Why it is another than the one that answers; absent where it is that. */
  readonly note?: string;
  /** The value of the scores, and what they are differentiated by. */
  readonly scores: string;
  /** What the graph has them as: an output, or what is before the Softmax or Sigmoid at its end. */
  readonly of: 'output' | 'logits';
  readonly by: string;
  /** Of its file. */
  readonly bytes: number;
  /** Rejects with ServiceError 504 once `signal` aborts, else as a session's run. */
  run(ask: GradientAsk, signal: AbortSignal): Promise<GradientRun>;
  /**
   * Whether the store has still the same files of the version whose weights it has, where that is another than the one
   * that answers, and whose weights are in memory. Rejects as the store.
   */
  isStill(): Promise<boolean>;
  /** Frees the memory. Never rejects. */
  release(): Promise<void>;
}

/**
 * Makes and loads what gives gradients. Rejects with ServiceError 400 where a model has none, with the reason, and with
 * 409 where its files are others by now than those that it was loaded from.
 */
export type OpenGradients = (wish: GradientWish) => Promise<Gradients>;
