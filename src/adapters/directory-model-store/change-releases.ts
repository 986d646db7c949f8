import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkReleases } from '../../core/releases/check-releases.ts';
import type { ReleaseState } from '../../ports/model-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { isInside } from './is-inside.ts';
import { readReleases } from './read-releases.ts';
import { readSettings } from './read-settings.ts';
import { releasesText } from './releases-text.ts';
import { withFileLock } from './with-file-lock.ts';

/**
 * `changeReleases` of the model in `<root>/<name>`: under a lock, and by a rename, so that whoever reads meanwhile sees
 * what was before or what is after.
 */
export async function changeReleases(
  root: string,
  name: string,
  change: (before: ReleaseState) => ReleaseState,
): Promise<ReleaseState> {
  const folder = join(root, name);
  if (!(await isInside(folder, root, 'directory'))) throw new ServiceError(404, `there is no model '${name}'`);
  return withFileLock(join(folder, '.aliases.lock'), async () => {
    const { value: before, problem } = await readReleases(() => readSettings(join(folder, 'aliases.json'), root));
    if (problem !== undefined) throw new ServiceError(409, `model '${name}': ${problem}`);
    const after = change(before);
    if (after === before) return before;
    checkReleases(`model '${name}'`, after);
    // One that a killed process left is written over.
    const next = join(folder, '.aliases.json');
    try {
      await writeFile(next, releasesText(after));
      await rename(next, join(folder, 'aliases.json'));
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      throw new ServiceError(503, `model '${name}': aliases.json cannot be written (${code})`, { cause });
    }
    return after;
  });
}
