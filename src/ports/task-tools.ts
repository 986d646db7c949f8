import type { ChatTemplate } from './chat-template.ts';
import type { Picture } from './picture.ts';
import type { Sound } from './sound.ts';
import type { Tokenizer } from './tokenizer.ts';

/** What tasks need of outside packages, each loaded when a model first needs it. */
export interface TaskTools {
  /**
   * Decodes JPEG, PNG and WebP to RGB. The function throws, or rejects with, ServiceError 400 for another or a broken
   * file, 413 for one of too many pixels.
   */
  readonly picture: () => Promise<(bytes: Uint8Array) => Promise<Picture>>;
  /** Encodes a grey or RGB picture as PNG, in base64. */
  readonly encodePicture: () => Promise<(picture: Picture) => Promise<string>>;
  /** Decodes WAV. The function throws ServiceError 400 for another or a broken file. */
  readonly sound: () => Promise<(bytes: Uint8Array) => Sound>;
  /** A tokenizer from the text of a tokenizer.json. Rejects with an Error for what is none. */
  readonly tokenizer: (json: string) => Promise<Tokenizer>;
  /** A chat template from its Jinja source. Rejects with ServiceError 400 for one that does not parse. */
  readonly chatTemplate: (source: string) => Promise<ChatTemplate>;
}
