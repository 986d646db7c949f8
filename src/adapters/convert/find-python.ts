import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The first and the last that all pinned packages are there for. */
const [oldest, newest] = [11, 13] as const;
const candidates = ['python3.12', 'python3.13', 'python3.11', 'python3'];

/**
 * A Python that environments can be made with, by its name on the path. Rejects with an Error that says what was looked
 * for.
 */
export async function findPython(): Promise<string> {
  const found: string[] = [];
  for (const name of candidates) {
    const version = await versionOf(name).catch(() => undefined);
    if (version === undefined) continue;
    const [, minor = 0] = version.split('.').map(Number);
    if (minor >= oldest && minor <= newest) return name;
    found.push(`${name} is ${version}`);
  }
  throw new Error(
    `conversion needs Python 3.${oldest} to 3.${newest}, which is not on this machine${
      found.length > 0 ? ` (${found.join(', ')})` : ''
    }: install python3 and python3-venv, or give a Python that has the framework with --python`,
  );
}

async function versionOf(name: string): Promise<string> {
  const { stdout } = await promisify(execFile)(name, ['-c', 'import platform; print(platform.python_version())']);
  return stdout.trim();
}
