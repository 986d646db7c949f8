import { openRepositoryFolder } from '../open-repository-folder.ts';
import { ChangeLog } from './change-log.ts';
import type { ChangeLine } from './change-record.ts';

/** Of this process, by the root of the repository. */
const logs = new Map<string, ChangeLog>();

/**
 * Adds a line to the chain of changes of the model repository at `rootUri`, in `.audit/changes/`. Resolves to its
 * number. Rejects where it cannot be added.
 */
export async function recordChange(rootUri: string, line: ChangeLine): Promise<number> {
  const log = logs.get(rootUri) ?? new ChangeLog(openRepositoryFolder(rootUri, '.audit'));
  logs.set(rootUri, log);
  return log.append(line);
}
