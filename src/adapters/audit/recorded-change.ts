import { ServiceError } from '../../protocol/service-error.ts';
import type { Change } from './change-record.ts';
import { recordChange } from './record-change.ts';
import { whoActs } from './who-acts.ts';

export interface RecordedChangeOptions {
  /** It takes something back that does harm: it is made even where nothing can be written before. @default false */
  readonly isRescue?: boolean;
}

/**
 * Makes a change of the model repository at `rootUri`, with a line in its audit log before (`begun`) and one after: who
 * did it, and when. Of a change whose process is killed in between, the first one tells.
 *
 * @param make makes the change. Resolves to what its line has besides; to undefined where nothing was changed.
 * @returns what `make` says. Rejects with what it rejects with; before, where the log cannot be written; after it, with
 * an Error that says so, where the second line cannot be: the change stands then.
 */
export async function recordedChange<T extends Partial<Change> | undefined>(
  rootUri: string,
  change: Change,
  make: () => Promise<T>,
  { isRescue = false }: RecordedChangeOptions = {},
): Promise<T> {
  const who = change.who ?? (await whoActs(rootUri, process.env));
  const line = { ...change, who };
  const begun = await recordChange(rootUri, { ...line, kind: 'begun' }).catch((cause) => {
    if (isRescue) return undefined;
    throw failure(cause, `'${wordsOf(change)}' was not begun: the audit log of ${rootUri} cannot have a line of it`);
  });
  let made: T;
  try {
    made = await make();
  } catch (error) {
    const why = (error as Error).message.slice(0, 1024);
    // Without that line, how it ended is not known, which is no more than what this says.
    if (begun !== undefined)
      await recordChange(rootUri, { ...line, kind: 'failed', begun, why }).catch(() => undefined);
    throw error;
  }
  if (made === undefined && begun === undefined) return made;
  const ended = made === undefined ? { ...line, kind: 'unchanged' as const } : { ...line, ...made };
  await recordChange(rootUri, { ...ended, ...(begun !== undefined && { begun }) }).catch((cause) => {
    throw failure(
      cause,
      `'${wordsOf({ ...change, ...made })}' is done, but the audit log of ${rootUri} has no line of that`,
    );
  });
  return made;
}

function wordsOf({ action, model, version }: Partial<Change>): string {
  return [action, model, version].filter((part) => part !== undefined).join(' ');
}

function failure(cause: unknown, what: string): ServiceError {
  const status = cause instanceof ServiceError ? cause.status : 500;
  return new ServiceError(status, `${what}: ${(cause as Error).message}`, { cause });
}
