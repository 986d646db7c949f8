const passing = new Set([408, 429, 500, 502, 503, 504]);
// Answers that S3 gives with statuses of their own, and that pass as well.
const passingCodes = new Set([
  'RequestTimeout',
  'RequestTimeTooSkewed',
  'OperationAborted',
  'ConditionalRequestConflict',
]);

/** What S3 answered instead of what was asked for, or why it could not be asked. */
export class S3Error extends Error {
  override readonly name = 'S3Error';
  /** 0 where no answer came. */
  readonly status: number;
  /** S3's word for it, such as NoSuchKey, or the system's, such as ECONNRESET. */
  readonly code: string;

  constructor(status: number, code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
    this.code = code;
  }

  /** Whether the same request may well succeed later. */
  get isPassing(): boolean {
    return this.status === 0 || passing.has(this.status) || passingCodes.has(this.code);
  }
}
