/** What a call is known by, where calls of a kind stay with the version that they had first. */
export interface CallerIdentity {
  /** Of the key or principal; undefined where callers need none. */
  readonly caller: string | undefined;
  /** Of the request, by its caller where that gave it one. */
  readonly id: string;
}
