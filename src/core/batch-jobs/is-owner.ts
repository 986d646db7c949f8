import { allModels, type Caller } from '../../ports/caller.ts';

/** Whether files and jobs of `owner` are a caller's: its own, and those of all for whoever runs the server; without a caller, who needs no key, all. */
export function isOwner(caller: Caller | undefined, owner: string | undefined): boolean {
  if (!caller || caller.name === owner) return true;
  try {
    caller.check('admin', allModels);
    return true;
  } catch {
    return false;
  }
}
