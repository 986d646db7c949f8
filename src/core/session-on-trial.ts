import type { Session } from '../ports/session.ts';
import { untilAborted } from './until-aborted.ts';

/**
 * A session whose runs count once `trial` has passed: they go on beside it, on processors that it leaves idle.
 *
 * They reject with what it rejects with. There is no run on the calling thread, which could not wait.
 */
export function sessionOnTrial(session: Session, trial: Promise<unknown>): Session {
  const { inputs, outputs, unservable, dimensionNames } = session;
  return {
    inputs,
    outputs,
    unservable,
    dimensionNames,
    async run(run, signal) {
      const outcome = session.run(run, signal);
      // What it rejects with counts no more than what it gives, as long as the trial may fail.
      outcome.catch(() => undefined);
      await untilAborted(trial, signal, 'the prepared form is still being checked');
      return outcome;
    },
    release: () => session.release(),
  };
}
