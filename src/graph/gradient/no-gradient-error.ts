/** A model that cannot be trained as it was asked for: says what stands in the way, and what to freeze instead. */
export class NoGradientError extends Error {
  /** What stands in the way, alone. */
  readonly reason: string;

  constructor(message: string, reason = message) {
    super(message);
    this.reason = reason;
  }
}
