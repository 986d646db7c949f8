import type { Caller } from '../../ports/caller.ts';
import { isAdmin } from '../is-admin.ts';

/**
 * Whether files and jobs of `owner` are a caller's: its own, and those of all for whoever runs the server; without a
 * caller, who needs no key, all.
 */
export function isOwner(caller: Caller | undefined, owner: string | undefined): boolean {
  return caller?.name === owner || isAdmin(caller);
}
