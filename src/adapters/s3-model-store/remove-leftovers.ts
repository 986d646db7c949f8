import { readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

const hidden = /^\.([^~]+)~([0-9]+)~[^~]+$/;
const dayMs = 24 * 3_600_000;

/** Deletes what killed processes left half-done in a folder, by the names that `hiddenName` gives. */
export async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const [, host, pid] = hidden.exec(name) ?? [];
    const path = join(folder, name);
    if (host !== undefined && (await isLeft(host, Number(pid), path))) await rm(path, { recursive: true, force: true });
  }
}

async function isLeft(host: string, pid: number, path: string): Promise<boolean> {
  if (host === hostname() && !isRunning(pid)) return true;
  // Of a process on another host, or behind a number that was given anew, only time tells.
  const status = await stat(path).catch(() => undefined);
  return status !== undefined && Date.now() - status.mtimeMs > dayMs;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
