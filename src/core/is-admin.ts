import { allModels, type Caller } from '../ports/caller.ts';
import { ServiceError } from '../protocol/service-error.ts';

/** Whether a caller may do all that concerns the server: one that needs no key may. */
export function isAdmin(caller: Caller | undefined): boolean {
  try {
    caller?.check('admin', allModels);
    return true;
  } catch (error) {
    if (error instanceof ServiceError) return false;
    throw error;
  }
}
