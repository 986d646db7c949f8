import { openSessionWith } from '../../src/adapters/open-session.ts';
import type { Session } from '../../src/ports/session.ts';

/** Opens the model at `path` as a server does by default. */
export function onOneThread(path: string): Promise<Session> {
  return openSessionWith('auto')(path, { intraOpThreads: 1 });
}
