/** A model that cannot be trained as it was asked for: says what stands in the way, and what to freeze instead. */
export class NoGradientError extends Error {}
