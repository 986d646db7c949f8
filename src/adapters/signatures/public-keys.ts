import type { KeyObject } from 'node:crypto';

/** The keys whose signatures count, by fingerprint. */
export type PublicKeys = ReadonlyMap<string, KeyObject>;
