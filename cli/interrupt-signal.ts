import { endInterrupted } from './end-interrupted.ts';
import { tellInterrupted } from './tell-interrupted.ts';

// A job ends as soon as what it does now is ended. A model that is downloaded would go on.
const graceMs = 2000;

/** What aborts at the first Ctrl-C; the process ends soon after, at a second Ctrl-C at once. */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  const end = () => process.exit();
  process.on('SIGINT', () => {
    if (controller.signal.aborted) end();
    controller.abort();
    tellInterrupted();
    setTimeout(end, graceMs);
  });
  // Not before: where nobody listens, a Ctrl-C that is on its way gets lost.
  process.off('SIGINT', endInterrupted);
  return controller.signal;
}
