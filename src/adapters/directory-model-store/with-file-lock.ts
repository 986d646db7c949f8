import { setTimeout } from 'node:timers/promises';
import { ServiceError } from '../../protocol/service-error.ts';

const patienceMs = 30_000;
const longestPauseMs = 50;
// SQLITE_BUSY. Source: sqlite.org/rescode.html
const busy = 5;

/**
 * Does what no other process may do at the same time: whoever holds the lock of the file at `path`, which is made, and
 * stays, empty.
 *
 * SQLite holds it, by the system's own locks: that of a process that was killed is gone with it, and there is none that
 * is stale. Rejects with ServiceError 503 where others hold it for half a minute, with 503 where the file cannot be
 * made.
 */
export async function withFileLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  // Only whoever changes something waits for it to load.
  const { DatabaseSync } = await import('node:sqlite');
  const database = openLock(() => new DatabaseSync(path, { timeout: 0 }));
  try {
    await take(() => database.exec('BEGIN IMMEDIATE'));
    return await work();
  } finally {
    database.close();
  }
}

function openLock<T>(open: () => T): T {
  try {
    return open();
  } catch (cause) {
    throw new ServiceError(503, 'the model repository cannot be written', { cause });
  }
}

async function take(lock: () => void): Promise<void> {
  const endMs = performance.now() + patienceMs;
  for (;;) {
    try {
      return lock();
    } catch (cause) {
      if ((cause as { errcode?: number }).errcode !== busy)
        throw new ServiceError(503, `the model repository cannot be locked: ${(cause as Error).message}`, { cause });
      if (performance.now() > endMs)
        throw new ServiceError(503, `others have been changing the model for ${patienceMs} ms`, { cause });
    }
    // At random: those that wait do not come back together.
    await setTimeout(Math.random() * longestPauseMs);
  }
}
