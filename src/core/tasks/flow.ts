import type { Picture } from '../../ports/picture.ts';
import type { InputTensor, OutputTensor } from '../../protocol/inference.ts';

/** Named columns, or all values in order. */
export type Features = Readonly<Record<string, unknown>> | readonly unknown[];

/** A class, and how sure the model is of it. */
export interface ScoredLabel {
  readonly label: string;
  readonly score: number;
}

export type Prediction = readonly ScoredLabel[] | number | readonly number[];

/** The model's outputs for one item. */
export interface ItemOutputs {
  readonly tensors: ReadonlyMap<string, OutputTensor>;
  /** How many classes the caller wants; undefined: as many as the step says. */
  readonly topK: number | undefined;
}

/** What flows from step to step, by its kind. */
export interface Flow {
  text: string;
  file: Uint8Array;
  features: Features;
  picture: Picture;
  inputs: readonly InputTensor[];
  outputs: ItemOutputs;
  prediction: Prediction;
}

export type Kind = keyof Flow;

/** The kinds in words. */
export const kindWords: Readonly<Record<Kind, string>> = {
  text: 'a text',
  file: 'a file',
  features: 'named columns',
  picture: 'a picture',
  inputs: "the model's inputs",
  outputs: "the model's outputs",
  prediction: 'a prediction',
};
