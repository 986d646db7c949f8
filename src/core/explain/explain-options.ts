import type { Method } from './methods.ts';

/** What is asked of an explanation. */
export interface ExplainOptions {
  /** Undefined: Shapley values, exact where the model is one of trees and there are few features. */
  readonly method: Method | undefined;
  /** The class, by its name or its place, or the place of a number. Undefined: that with the highest score. */
  readonly target: string | number | undefined;
  /** What stands in the place of what is left out, in the form of the kind of item; undefined: as usual for it. */
  readonly baseline: unknown;
  /** The model's output of a model without a task; undefined: its first of floats. */
  readonly output: string | undefined;
  readonly seed: number;
  /** Inputs that are drawn; undefined: as many as there are ways to leave something out, or as is usual. */
  readonly samples: number | undefined;
  /** Rows that the model may be run on. */
  readonly maxEvaluations: number;
  /** Regions along each side of a picture, or spans of a sound or a file; undefined: as usual. */
  readonly parts: number | undefined;
  /** Steps of the path of integrated gradients; undefined: as many as it takes. */
  readonly steps: number | undefined;
  /** The value of the graph that Grad-CAM looks at; undefined: what the last convolution gives. */
  readonly layer: string | undefined;
}
