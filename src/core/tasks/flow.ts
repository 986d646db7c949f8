import type { Picture } from '../../ports/picture.ts';
import type { Sound } from '../../ports/sound.ts';
import type { InputTensor, OutputTensor } from '../../protocol/inference.ts';
import type { Windows } from './windows.ts';

/** A text, or the tokens of one. */
export interface TextItem {
  readonly text: string | readonly number[];
  /** One that is too long for the model is cut, in place of refused. */
  readonly truncate: boolean;
}

/** Named columns, or all values in order. */
export type Features = Readonly<Record<string, unknown>> | readonly unknown[];

/** The model's inputs for one item. */
export interface ItemInputs {
  readonly tensors: readonly InputTensor[];
  /** Tokens of its text. */
  readonly tokens?: number;
  /** Its text was too long, and cut. */
  readonly isTruncated?: boolean;
  /** The size of its picture, in pixels, before it was made to fit. */
  readonly picture?: PictureSize;
  /** What is run in place of `tensors`: several, one after the other. */
  readonly windows?: Windows;
}

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** The model's outputs for one item. */
export interface ItemOutputs {
  readonly tensors: ReadonlyMap<string, OutputTensor>;
  /** How many classes the caller wants; undefined: as many as the step says. */
  readonly topK: number | undefined;
  /** The size of the item's picture; undefined where it has none. */
  readonly picture: PictureSize | undefined;
  /** What the rows of the tensors are of the item's sound; absent where they are none. */
  readonly windows?: Windows;
}

/** A class, and how sure the model is of it. */
export interface ScoredLabel {
  readonly label: string;
  readonly score: number;
}

/** An object in a picture, and where, in its pixels. */
export interface DetectedObject extends ScoredLabel {
  readonly box: { readonly xmin: number; readonly ymin: number; readonly xmax: number; readonly ymax: number };
}

/** A picture as a PNG file, in base64. */
export interface EncodedPicture extends PictureSize {
  readonly image: string;
}

/** Where there is speech in a sound, in seconds from its beginning. */
export interface FoundSpeech {
  readonly speech: readonly { readonly start: number; readonly end: number }[];
  /** How probable speech is in each window. */
  readonly probabilities: readonly number[];
  /** From the beginning of a window to that of the next. */
  readonly step_seconds: number;
  /** Of the whole sound. */
  readonly seconds: number;
}

export type Prediction =
  | readonly ScoredLabel[]
  | readonly DetectedObject[]
  | EncodedPicture
  | FoundSpeech
  | number
  | readonly number[];

/** What flows from step to step, by its kind. */
export interface Flow {
  text: TextItem;
  file: Uint8Array;
  features: Features;
  picture: Picture;
  sound: Sound;
  inputs: ItemInputs;
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
  sound: 'a sound',
  inputs: "the model's inputs",
  outputs: "the model's outputs",
  prediction: 'a prediction',
};
