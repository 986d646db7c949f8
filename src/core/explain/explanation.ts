import type { EncodedPicture } from '../tasks/flow.ts';
import type { Method } from './methods.ts';
import type { Scale } from './scale.ts';
import type { Fit } from './shares.ts';
import type { Target } from './target.ts';

/** What of an item had which part in an answer, as JSON. */
export interface Explanation {
  readonly method: Method;
  /** The number that is explained, and what has it. */
  readonly target: Target & { readonly output?: string; readonly of: Scale };
  /** What was explained: the score of the item, and of the baseline. */
  readonly value: number;
  readonly baseline: string;
  readonly baseline_value?: number;
  /** Each with its weight; one of these is there. */
  readonly features?: readonly WeighedPart[];
  /** Elements that `features` has not, as there are too many: those with the smallest weights. */
  readonly others?: Others;
  readonly words?: readonly WeighedPart[];
  /** The text was too long, and cut: its words are those that the model took. */
  readonly truncated?: true;
  readonly regions?: readonly WeighedPart[];
  readonly spans?: readonly WeighedPart[];
  /** Spans of the bytes of a file. */
  readonly bytes?: readonly WeighedPart[];
  /** Bars of the features, or of the bytes, or of the spans over their time, as SVG. */
  readonly chart?: string;
  /** The picture with what speaks for the target in red, and against it in blue, as PNG. */
  readonly heat_map?: EncodedPicture;
  /** How far the weights are from adding up to what they share out. */
  readonly completeness?: Completeness;
  /** Rows that the model was run on. */
  readonly evaluations: number;
  /** Of methods that draw. */
  readonly seed?: number;
  readonly samples?: number;
  readonly fit?: Fit;
  /** Of integrated gradients. */
  readonly steps?: number;
  /**
   * Of methods that go by gradients: the version whose weights they are of, and the value of the graph that they are
   * by: of Grad-CAM the layer.
   */
  readonly gradients?: { readonly version: string; readonly by: string; readonly note?: string };
  /** Where all weights are 0: why, and what may find more; where zeros stand for columns: what would say more. */
  readonly note?: string;
}

export interface Others {
  readonly elements: number;
  /** Of all of them together. */
  readonly weight: number;
}

export type WeighedPart = Readonly<Record<string, unknown>> & { readonly weight: number };

export interface Completeness {
  readonly sum: number;
  /** The score of the item less that of the baseline. */
  readonly expected: number;
  /** The difference as a part of that; where it is 0, of the sizes of all weights together. */
  readonly gap: number;
  /** Where that is much: what brings it down. */
  readonly note?: string;
}
