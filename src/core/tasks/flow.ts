import type { Picture } from '../../ports/picture.ts';
import type { PictureSize } from '../../ports/picture-settings.ts';
import type { Sound } from '../../ports/sound.ts';
import type { Aggregation } from '../../ports/task.ts';
import type { Tokenizer } from '../../ports/tokenizer.ts';
import type { InputTensor, OutputTensor } from '../../protocol/inference.ts';
import type { Placement } from '../pictures/placement.ts';
import type { FittedText } from './fit-tokens.ts';
import type { Windows } from './windows.ts';

/** A text, or the tokens of one. */
export interface TextItem {
  readonly text: string | readonly number[];
  /** What the text is compared with, for models that take two. */
  readonly pair?: string;
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
  /** Where its picture lies in the tensor that was made of it. */
  readonly placement?: Placement;
  /** Where its bytes lie in the tensor that was made of them. */
  readonly bytes?: PlacedBytes;
  /** Its text, or its two, where the model took the tokens of them. */
  readonly encoded?: EncodedItem;
  /** What is run in place of `tensors`: several, one after the other. */
  readonly windows?: Windows;
}

/** Bytes of a file in a tensor of as many numbers, some of them in two places. */
export interface PlacedBytes {
  /** From which to which byte of the file, the last not included, and the place of the first in the tensor. */
  readonly runs: readonly { readonly start: number; readonly end: number; readonly at: number }[];
  /** What stands where there is no byte. */
  readonly padding: number;
}

/** A text with its tokens, and what made them. */
export interface EncodedItem {
  readonly tokenizer: Tokenizer;
  readonly fitted: FittedText;
}

/** The model's outputs for one item. */
export interface ItemOutputs {
  readonly tensors: ReadonlyMap<string, OutputTensor>;
  /** How many classes the caller wants; undefined: as many as the step says. */
  readonly topK: number | undefined;
  /** The length of the vector that the caller wants; absent: the model's own. */
  readonly dimensions?: number | undefined;
  /** Where the item's picture lay in the input; undefined where it has none. */
  readonly placement: Placement | undefined;
  /** How token classes come; undefined: as the step says. */
  readonly aggregation?: Aggregation | undefined;
  /** The item's text, or its two; absent where the model took no tokens of them. */
  readonly encoded?: EncodedItem;
  /** Tokens of its text: what the model has behind these is of none. */
  readonly tokens?: number;
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

/** Words of a text that the model names, by Hugging Face's fields. */
export interface NamedWords {
  readonly entity_group: string;
  readonly score: number;
  readonly word: string;
  /** In characters (code points), the last not included. */
  readonly start: number;
  readonly end: number;
}

/** A token that the model names. */
export interface NamedToken extends Omit<NamedWords, 'entity_group'> {
  readonly entity: string;
  /** Its place among the tokens. */
  readonly index: number;
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
  | readonly NamedWords[]
  | readonly NamedToken[]
  | string
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
