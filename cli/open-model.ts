import { availableParallelism } from 'node:os';
import { openSessionWith } from '../src/adapters/open-session.ts';
import type { CudaOptions, Session } from '../src/ports/session.ts';

/**
 * Opens the model at `path` with all processors. Rejects with an Error that says why it cannot, of what is called
 * `label`.
 *
 * @param cuda the GPU that it runs on instead
 */
export async function openModel(path: string, label: string, cuda?: CudaOptions): Promise<Session> {
  return openSessionWith('auto')(path, { intraOpThreads: availableParallelism(), cuda }).catch((error: Error) => {
    throw new Error(`${label} cannot be loaded: ${error.message}`, { cause: error });
  });
}
