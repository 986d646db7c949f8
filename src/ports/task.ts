import type { PictureSettings } from './picture-settings.ts';

/** What a model says of an item, by Hugging Face's names. */
export type PredictionName =
  | 'text-classification'
  | 'token-classification'
  | 'feature-extraction'
  | 'sentence-similarity'
  | 'audio-classification'
  | 'voice-activity-detection'
  | 'image-classification'
  | 'object-detection'
  | 'image-to-image'
  | 'tabular-classification'
  | 'tabular-regression';

/** What a model is for, by Hugging Face's names. */
export type TaskName = PredictionName | 'text-generation';

/** Token classes as groups of words, or each for itself. */
export type Aggregation = 'simple' | 'none';

/** A step from what callers send to the model's inputs; it has one of these. */
export interface PreprocessStep {
  /** A text becomes the model's input of BYTES. */
  readonly text?: Record<string, never>;
  /** A text becomes tokens, by the tokenizer.json in the version's folder. */
  readonly tokenize?: {
    /** @default what tokenizer.json and the files beside it say */
    readonly maxTokens?: number;
    /** Cut what is longer, whether or not a caller asks for it. @default false: it is refused */
    readonly truncate?: boolean;
    /** Stands before each text, of models that give vectors and were trained with it. @default nothing */
    readonly prompt?: string;
  };
  /** The first and the last bytes of a file fill the model's one input of whole numbers. */
  readonly bytes?: {
    /** Bytes of the beginning, and of the end. */
    readonly first: number;
    readonly last: number;
    /** What stands where the file has no more. @default 0 */
    readonly padding?: number;
    /**
     * White space before the first and behind the last is left out, of so many bytes at each end. @default 0: it counts
     */
    readonly stripWithin?: number;
    /** A file of fewer bytes is refused. @default 0 */
    readonly atLeast?: number;
  };
  /** Named numbers and texts become the model's inputs. */
  readonly columns?: {
    /**
     * Of each input, the columns that fill it, in order. @default an input of one element is filled by the column of
     * its name
     */
    readonly inputs?: Readonly<Record<string, readonly string[]>>;
    /** Of columns of texts, the texts there are: each fills as many values, 1 in its own place and 0 in others. */
    readonly oneHot?: Readonly<Record<string, readonly string[]>>;
  };
  /** A JPEG, PNG or WebP file becomes a picture. */
  readonly decodeImage?: Record<string, never>;
  /** A picture becomes the model's input. */
  readonly pictureTensor?: PictureSettings;
  /** A WAV file becomes sound; several channels become their mean. */
  readonly decodeSound?: {
    /** What is longer is refused. @default 7200 */
    readonly maxSeconds?: number;
  };
  /** Sound comes to have so many samples a second. */
  readonly resample?: {
    /** Those that the model takes; sound of another rate gets the first. */
    readonly rates: readonly number[];
  };
  /** All of a sound becomes the model's one input. */
  readonly wave?: {
    /** To a mean of 0 and a variance of 1, as Hugging Face's feature extractors have it. @default false */
    readonly normalize?: boolean;
    /** What is longer is refused, where the input does not say. @default 60 */
    readonly maxSeconds?: number;
  };
  /**
   * A sound's power in bands of pitch (mel), in logarithms, every 10 ms, becomes the model's one input. It has 16000
   * samples a second.
   */
  readonly logMel?: {
    /**
     * As Whisper's feature extractor has it, [batch, bands, frames], or AST's, which is Kaldi's, [batch, frames,
     * bands].
     */
    readonly as: 'whisper' | 'ast';
    /** @default what the input says; else 80 as whisper, 128 as ast */
    readonly bands?: number;
    /**
     * Silence is behind a shorter sound, a longer one is refused. @default what the input says; else 3000 as whisper,
     * 1024 as ast
     */
    readonly frames?: number;
    /** As ast: taken from each value. @default -4.2677393 */
    readonly mean?: number;
    /** As ast: half of what values are divided by then. @default 4.5689974 */
    readonly std?: number;
  };
  /** A sound becomes windows, which the model takes one after the other. */
  readonly frames?: {
    readonly windowMs: number;
    /** From the beginning of a window to that of the next. @default windowMs */
    readonly hopMs?: number;
    /** What each has before it of the sound. @default 0 */
    readonly contextMs?: number;
    /** The input that takes the samples a second. @default one of a single whole number */
    readonly rate?: string;
    /**
     * What the model gives for the next window. @default an input for which there is an output of its name with an N or
     * n behind it
     */
    readonly state?: readonly { readonly input: string; readonly output: string }[];
  };
}

/** A step from the model's outputs to what callers get; it has one of these. */
export interface PostprocessStep {
  /** Numbers of an output's last dimension become parts of 1. */
  readonly softmax?: { readonly output?: string };
  /** Each number of an output becomes one from 0 to 1: how sure the model is of that class, whatever the others. */
  readonly sigmoid?: { readonly output?: string };
  /** All classes of an output that are sure enough, with their scores. */
  readonly threshold?: {
    readonly output?: string;
    /** @default 0.5 */
    readonly threshold?: number;
  };
  /** The best class of an output, by its name alone. */
  readonly argmax?: { readonly output?: string };
  /** Words of a text by the classes of its tokens. */
  readonly spans?: {
    /** Scores of each token's classes, [batch, tokens, classes]. */
    readonly output?: string;
    /** @default simple */
    readonly aggregation?: Aggregation;
  };
  /** The best classes of an output, with their scores. */
  readonly topK?: { readonly output?: string; readonly k?: number };
  /** The class that the model names itself, with the best of its scores. */
  readonly label?: { readonly label?: string; readonly scores?: string };
  /** Objects in a picture: their classes, scores and places, in its own pixels. */
  readonly boxes?: {
    /** The output [1, boxes, classes]. */
    readonly scores?: string;
    /** The output [1, boxes, 4]. */
    readonly boxes?: string;
    /** In place of both: one output [1, boxes, 4 + classes], or [1, 4 + classes, boxes]. */
    readonly output?: string;
    /**
     * What stands behind the four numbers of a place in `output`: the classes' scores; ahead of these how sure it is that
     * there is an object (5 + classes); or one score and the number of its class (6).
     *
     * @default scores
     */
    readonly layout?: 'scores' | 'objectness' | 'class';
    /** Left, top, right and bottom; or the middle, and width and height. @default corners */
    readonly form?: 'corners' | 'center';
    /** Of the whole picture, 0 to 1, or pixels of the model's input. @default parts */
    readonly unit?: 'parts' | 'pixels';
    /** The class that stands for nothing. @default none */
    readonly background?: number;
    /** @default 0.5 */
    readonly threshold?: number;
    /** How much of what two boxes of a class cover together they may share. @default 0.5, of the layout class 1 */
    readonly overlap?: number;
    /** Objects of a picture at most, the best. @default 100 */
    readonly limit?: number;
  };
  /** An output as a picture. */
  readonly encodeImage?: {
    readonly output?: string;
    /** Values are multiplied by it. @default 255 */
    readonly scale?: number;
  };
  /** One vector for an item. */
  readonly pool?: {
    readonly output?: string;
    /** Of the vectors of all tokens. @default mean */
    readonly mode?: 'mean' | 'first';
    /** To the length of 1. @default true */
    readonly normalize?: boolean;
    /**
     * Lengths that vectors may be cut to where a caller asks for it, as models trained for that allow (Matryoshka).
     * @default none
     */
    readonly dimensions?: readonly number[];
  };
  /** The mean of an output over the windows of a sound. */
  readonly average?: { readonly output?: string };
  /** Where there is speech in a sound. */
  readonly speech?: {
    readonly output?: string;
    /** The least probability at which speech begins. It ends at 0.15 less. @default 0.5 */
    readonly threshold?: number;
    /** Shorter speech is left out. @default 250 */
    readonly minSpeechMs?: number;
    /** Shorter silence ends no speech. @default 100 */
    readonly minSilenceMs?: number;
    /** What speech gets before and behind it. @default 30 */
    readonly padMs?: number;
  };
  /** The number, or numbers, that an output holds. */
  readonly value?: { readonly output?: string };
}

/** What callers send, and get, in place of tensors. */
export interface PredictionConfig {
  readonly name: PredictionName;
  /** Absent: the usual steps of the task. */
  readonly preprocess?: readonly PreprocessStep[];
  /** Absent: the usual steps of the task. */
  readonly postprocess?: readonly PostprocessStep[];
}

/** A model that goes on with text. */
export interface TextGenerationConfig {
  readonly name: 'text-generation';
  /** Tokens that a prompt and its answer may have together. Absent: what config.json says. */
  readonly maxPositions?: number;
  /** Tokens that end an answer. Absent: what generation_config.json says, or config.json. */
  readonly endTokens?: readonly number[];
  /** Bytes of the caches of all sequences. Absent: a quarter of the server's memory budget. */
  readonly cacheBytes?: number;
}

export type TaskConfig = PredictionConfig | TextGenerationConfig;
