/** Tokens of a call: those it came with, and those that were generated. */
export interface ServedTokens {
  readonly input: number;
  readonly output: number;
}

/** The version that a call is for, and what led there. */
export interface Chosen {
  readonly model: string;
  readonly version: string;
  /** The alias that led there; absent: a number did, or it is the newest. */
  readonly alias?: string;
  /** The alias leads there for a part of the calls. */
  readonly isCanary?: boolean;
}

/** What answered a call, and how much it was, for logs, metrics, audit and usage. */
export interface Served extends Chosen {
  /** Rows, texts or pictures. */
  readonly items?: number;
  /** Of models that take tokens; of a stream they grow as it goes on. */
  readonly tokens?: ServedTokens;
}
