import type { Rate } from '../../core/token-bucket.ts';
import type { Action } from '../../ports/authorize.ts';

/** What a key, or an IAM principal, may do. */
export interface Policy {
  readonly name: string;
  /** The models that it is good for: names, where `*` at the end stands for any letters. @default all */
  readonly models?: readonly string[];
  /** @default infer and read */
  readonly actions?: readonly Action[];
  /** A day or a time, as ISO 8601 has them, from which on it is no longer known. @default never */
  readonly expires?: string;
  /** Requests that it may send. @default as many as come */
  readonly rate?: Rate;
  /** Inferences that it may have in a day or a month of UTC. @default as many as come */
  readonly quota?: { readonly requests: number; readonly per: 'day' | 'month' };
  /** USD that its inferences of a day of UTC may cost, about. @default whatever they cost */
  readonly dailyCost?: number;
}

/** A policy as its file has it, with whose it is; a key itself is nowhere. */
export interface KeyEntry extends Policy {
  /** Of the key, in hexadecimal. */
  readonly sha256?: string;
  /** In place of a key: the ARN of an IAM principal, where `*` at the end stands for any letters. */
  readonly principal?: string;
}

/** The content of a file of keys. */
export interface KeyFile {
  readonly $schema?: string;
  readonly keys: readonly KeyEntry[];
}

/** What a key is good for that does not say. */
export const defaultActions: readonly Action[] = ['infer', 'read'];
