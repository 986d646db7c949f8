import { existsSync, renameSync, rmSync } from 'node:fs';

/** Gives a finished folder its name. Another process may have been first with the same: then its folder stays. */
export function keepFolder(finished: string, name: string): void {
  try {
    renameSync(finished, name);
  } catch (error) {
    rmSync(finished, { recursive: true, force: true });
    if (!existsSync(name)) throw error;
  }
}
