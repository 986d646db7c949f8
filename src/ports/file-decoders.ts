import type { Picture } from './picture.ts';

/** What makes values of files, each loaded when a model first needs it. */
export interface FileDecoders {
  /** Decodes JPEG and PNG. The function throws ServiceError 400 for another or a broken file, 413 for one of too many pixels. */
  readonly picture: () => Promise<(bytes: Uint8Array) => Picture>;
}
