/** What a key may be good for: running models, reading what they are, loading and unloading them, jobs over files. */
export const actions = ['infer', 'metadata', 'manage', 'batch'] as const;

export type Action = (typeof actions)[number];

/** What a caller must have: a key that is good for an action, any key that is known, or nothing. */
export type Access = Action | 'any' | 'open';

/**
 * Lets a caller through, and says by which key. Throws ServiceError 401 where there is no key or none that is known, 403
 * where it is not good for what is asked.
 *
 * @param headers by lower-case name; of gRPC, the metadata
 * @param model undefined: what is asked concerns all models, or none
 */
export type Authorize = (
  headers: Readonly<Record<string, string | string[] | undefined>>,
  model: string | undefined,
  action: Exclude<Access, 'open'>,
) => string;
