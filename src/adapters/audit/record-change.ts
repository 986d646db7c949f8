import { ServiceError } from '../../protocol/service-error.ts';
import { openRepositoryFolder } from '../open-repository-folder.ts';
import { ChangeLog } from './change-log.ts';
import type { Change } from './change-record.ts';
import { whoActs } from './who-acts.ts';

/** Of this process, by the root of the repository. */
const logs = new Map<string, ChangeLog>();

/**
 * Adds a change that was made to the chain of the model repository at `rootUri`, in `.audit/changes/`: who did it, and when.
 *
 * Rejects where it cannot be added, with an Error that says so: the change itself stands.
 */
export async function recordChange(rootUri: string, change: Change): Promise<void> {
  try {
    const log = logs.get(rootUri) ?? new ChangeLog(openRepositoryFolder(rootUri, '.audit'));
    logs.set(rootUri, log);
    await log.append({ ...change, who: change.who ?? (await whoActs(rootUri, process.env)) });
  } catch (cause) {
    const status = cause instanceof ServiceError ? cause.status : 500;
    const what = [change.action, change.model, change.version].filter((part) => part !== undefined).join(' ');
    const why = (cause as Error).message;
    throw new ServiceError(status, `'${what}' is done, but the audit log of ${rootUri} has no line of it: ${why}`, {
      cause,
    });
  }
}
