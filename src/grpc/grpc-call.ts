import type { Stages } from '../core/stages-of.ts';
import type { Caller } from '../ports/caller.ts';
import type { Chosen, Served } from '../ports/served.ts';

/** What a host knows of a call beside its message, and is told of it. */
export interface GrpcCall {
  /** Of the call as a whole, in milliseconds from when it was received; undefined: none. */
  readonly timeoutMs: number | undefined;
  /** The caller's own id of it, or a new one. */
  readonly requestId: string;
  /** The metadata, by lower-case name. */
  headers(): Readonly<Record<string, string>>;
  /** Aborts when the caller has gone, or cancelled the call. */
  gone(): AbortSignal;
  /** Filled in: who was let through. */
  caller?: Caller;
  /** Filled in: the model that the message names. */
  asked?: string | undefined;
  /** Filled in: the version that an inference is for. */
  chosen?: Chosen;
  /** Filled in: what answered an inference, and how long its stages took. */
  served?: Served & Stages;
  /** Filled in: metadata that say that this is deprecated, names and values in turn. */
  deprecation?: readonly string[] | undefined;
}
