import type { Chosen } from '../../ports/served.ts';

/** What a call is known by, where calls of a kind stay with the version that they had first. */
export interface CallerIdentity {
  /** Of the key or principal; undefined where callers need none. */
  readonly caller: string | undefined;
  /** Of the request, by its caller where that gave it one. */
  readonly id: string;
  /** Hears of the version that the call is for, before anything can go wrong with that. @default nobody */
  readonly onChosen?: ((chosen: Chosen) => void) | undefined;
}
