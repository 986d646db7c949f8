import { copyFile, lstat, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { versionLabel } from '../../core/version-label.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { hiddenName } from '../s3-model-store/hidden-name.ts';
import { removeLeftovers } from '../s3-model-store/remove-leftovers.ts';
import { checkGraph } from './check-graph.ts';
import { isInside } from './is-inside.ts';
import { modelFileOf } from './model-file-of.ts';
import { readReleases } from './read-releases.ts';
import { readSettings } from './read-settings.ts';
import { refuseDeleted } from './refuse-deleted.ts';
import { removeVersion } from './remove-version.ts';
import { versionExistsError } from './version-exists-error.ts';

/**
 * Copies files into place as `<root>/<name>/<version>`, whole or not at all.
 *
 * They gather in a hidden folder of their own, which is renamed once all are there: of two callers that store one
 * version, one wins and the other gets 409, as it does for one that was deleted. Rejects with 400 for files that may
 * not be stored.
 */
export async function placeVersion(
  root: string,
  name: string,
  version: number,
  files: ReadonlyMap<string, string>,
): Promise<void> {
  const label = versionLabel(name, version);
  const modelFile = modelFileOf(files, label);
  const folder = join(root, name);
  const target = join(folder, String(version));
  const exists = versionExistsError(label);
  if (await lstat(target).catch(() => undefined)) throw exists;
  await mkdir(folder, { recursive: true });
  if (!(await isInside(folder, root, 'directory'))) {
    throw new ServiceError(400, `model '${name}' lies outside the model repository: nothing is stored there`);
  }
  const refuse = async () =>
    refuseDeleted(await readReleases(() => readSettings(join(folder, 'aliases.json'), root)), version, label);
  await refuse();
  await removeLeftovers(folder);
  const hidden = join(folder, hiddenName());
  try {
    await copyAll(files, hidden);
    await checkGraph(join(hidden, modelFile), label);
    await rename(hidden, target);
  } catch (error) {
    await rm(hidden, { recursive: true, force: true });
    const { code } = error as NodeJS.ErrnoException;
    throw code === 'ENOTEMPTY' || code === 'EEXIST' ? exists : error;
  }
  // Another may have stored it, and deleted it, while this one gathered its files.
  await refuse().catch(async (error) => {
    await removeVersion(folder, version, label);
    throw error;
  });
}

async function copyAll(files: ReadonlyMap<string, string>, folder: string): Promise<void> {
  for (const [file, source] of files) {
    const destination = resolve(folder, file);
    if (!destination.startsWith(folder + sep)) {
      throw new ServiceError(400, `file '${file}' would leave the version's folder`);
    }
    await mkdir(dirname(destination), { recursive: true });
    await copyFile(source, destination);
  }
}
