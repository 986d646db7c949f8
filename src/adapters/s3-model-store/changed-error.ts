/** That an object is no longer what the listing told of it: it was replaced or removed meanwhile. */
export class ChangedError extends Error {
  override readonly name = 'ChangedError';
}
