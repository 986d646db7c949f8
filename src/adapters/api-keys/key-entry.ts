import type { Action } from '../../ports/authorize.ts';

/** A key as its file has it; the key itself is nowhere. */
export interface KeyEntry {
  readonly name: string;
  /** Of the key, in hexadecimal. */
  readonly sha256: string;
  /** The models that it is good for: names, in which `*` stands for any letters. @default all */
  readonly models?: readonly string[];
  /** @default infer and read */
  readonly actions?: readonly Action[];
  /** A day or a time, as ISO 8601 has them, from which on it is no longer known. @default never */
  readonly expires?: string;
}

/** The content of a file of keys. */
export interface KeyFile {
  readonly $schema?: string;
  readonly keys: readonly KeyEntry[];
}

/** What a key is good for that does not say. */
export const defaultActions: readonly Action[] = ['infer', 'read'];
