import { availableParallelism } from 'node:os';
import { openSessionWith } from '../src/adapters/open-session.ts';
import type { Session } from '../src/ports/session.ts';

/** Opens the model at `path` with all processors. Rejects with an Error that says why it cannot, of what is called `label`. */
export async function openModel(path: string, label: string): Promise<Session> {
  return openSessionWith('auto')(path, { intraOpThreads: availableParallelism() }).catch((error: Error) => {
    throw new Error(`${label} cannot be loaded: ${error.message}`, { cause: error });
  });
}
