import type { Caller } from './caller.ts';

/**
 * What a key or principal may be good for: running models, also in jobs over files; reading what they are, and how they
 * do; adding versions; having a host make some of others; saying which of them answer; loading and unloading, and what
 * concerns the server as a whole.
 */
export const actions = ['infer', 'read', 'push', 'jobs', 'promote', 'admin'] as const;

export type Action = (typeof actions)[number];

/** What a caller must have: a key that is good for an action, any key that is known, or nothing. */
export type Access = Action | 'any' | 'open';

/**
 * Says by its key who a caller is. Throws ServiceError 401 where there is no key or none that is known.
 *
 * @param headers by lower-case name; of gRPC, the metadata
 */
export type Authorize = (headers: Readonly<Record<string, string | string[] | undefined>>) => Caller;
