import type { PictureSettings } from '../../ports/picture-settings.ts';

/** `*.manifest.json` as it is written: what a job reads, and how. */
export interface BatchManifest {
  /** A file of records. */
  readonly file?: string;
  /** Files that are a record each. */
  readonly files?: readonly string[];
  readonly prefix?: string;
  readonly decode?: FileDecoding;
  readonly separator?: string;
  readonly mapping?: Readonly<Record<string, string | readonly string[]>>;
  readonly kept?: readonly string[];
  readonly outputs?: readonly string[];
  readonly maxFailedRecords?: number;
}

/** How a file becomes the model's input. */
export interface FileDecoding extends PictureSettings {
  readonly kind: 'bytes' | 'image' | 'wav' | 'raw' | 'npy';
  readonly sampleRate?: number;
}
