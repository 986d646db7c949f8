export interface ServiceErrorOptions {
  /** What went wrong underneath: for the log, never for the caller. */
  readonly cause?: unknown;
  /** Seconds after which another try makes sense; sent as Retry-After. */
  readonly retryAfterSeconds?: number;
  /** Methods that the route has; sent as Allow with 405. */
  readonly allow?: readonly string[];
  /** The field of the request that is at fault: `param` of OpenAI's error object. */
  readonly field?: string;
  /** The message for callers who may not know of other models than those they named. @default the same */
  readonly discreet?: string;
  /** What programs tell it by: `code` of OpenAI's error object. */
  readonly code?: string;
  /** Whose call it refuses, where that is known: for the audit log. */
  readonly caller?: string;
  /** The model that it refuses, as the caller wrote it: for the audit log, never for the caller. */
  readonly model?: string;
}

/**
 * A failure with the HTTP status it gets, and a message that the caller may read: what was expected, what came, what to
 * do.
 */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly status: number;
  readonly retryAfterSeconds: number | undefined;
  readonly allow: readonly string[] | undefined;
  readonly field: string | undefined;
  readonly code: string | undefined;
  readonly discreet: string | undefined;
  readonly caller: string | undefined;
  readonly model: string | undefined;

  constructor(status: number, message: string, options: ServiceErrorOptions = {}) {
    const { stackTraceLimit } = Error;
    // To look up where a refusal comes from takes a tenth of the time of a server that has too much to do.
    if (status !== 500) Error.stackTraceLimit = 0;
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    Error.stackTraceLimit = stackTraceLimit;
    this.status = status;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.allow = options.allow;
    this.field = options.field;
    this.code = options.code;
    this.discreet = options.discreet;
    this.caller = options.caller;
    this.model = options.model;
  }
}
