import type { Access } from '../ports/authorize.ts';

/** What a host knows of a call beside its message. */
export interface GrpcCall {
  /** Of the call as a whole, in milliseconds from when it was received; undefined: none. */
  readonly timeoutMs: number | undefined;
  /** Lets the caller through, by the key that it sent. Throws 401 or 403 where it may not pass. */
  admit(model: string | undefined, access: Access): void;
  /** Aborts when the caller has gone, or cancelled the call. */
  gone(): AbortSignal;
}
