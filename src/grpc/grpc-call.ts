/** What a host knows of a call beside its message. */
export interface GrpcCall {
  /** Of the call as a whole, in milliseconds from when it was received; undefined: none. */
  readonly timeoutMs: number | undefined;
  /** Aborts when the caller has gone, or cancelled the call. */
  gone(): AbortSignal;
}
