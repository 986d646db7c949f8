/**
 * What ONNX Runtime answered in place of a result; for the log, as its messages can hold paths and places in its
 * source.
 */
export class RuntimeError extends Error {
  override readonly name = 'RuntimeError';
  /** The runtime's number for the kind of error (OrtErrorCode). */
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}
