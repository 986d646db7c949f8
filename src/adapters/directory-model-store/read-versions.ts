import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ReleaseState } from '../../ports/model-store.ts';
import { fileWithoutVersion } from './file-without-version.ts';
import { findModelFile } from './find-model-file.ts';
import { holdsModel } from './holds-model.ts';
import { isInside } from './is-inside.ts';
import { onnxFile } from './onnx-file.ts';
import { repositoryWithoutVersion } from './repository-without-version.ts';
import { tritonConfig, tritonConfigBeside } from './triton-config.ts';
import { unreadable } from './unreadable.ts';
import { versionFolder } from './version-folder.ts';
import { whyNoModel } from './why-no-model.ts';

/**
 * The whole versions in a model's folder, ascending, and what lies there that somebody may have meant as one.
 *
 * Each of the latter is a sentence that names the place and says what is expected. Hidden names are passed over, and
 * versions that were deleted.
 */
export async function readVersions(
  folder: string,
  root: string,
  { versionNotes }: Pick<ReleaseState, 'versionNotes'>,
): Promise<{ versions: readonly number[]; misplaced: readonly string[] }> {
  const name = basename(folder);
  try {
    const all = await readdir(folder, { withFileTypes: true });
    const entries = all.filter(({ name }) => !name.startsWith('.') && !isDeleted(name, versionNotes));
    const found = await Promise.all(entries.map((entry) => judge(entry, folder, root)));
    const versions = found.filter((each) => typeof each === 'number').sort((a, b) => a - b);
    const misplaced = found.filter((each) => typeof each === 'string').map((reason) => `'${name}/${reason}`);
    // Where there are none, it is a model of another server.
    const isTriton = versions.length > 0 && entries.some((entry) => entry.name === tritonConfig);
    return { versions, misplaced: [...misplaced, ...(isTriton ? [tritonConfigBeside(name)] : [])] };
  } catch (error) {
    return { versions: [], misplaced: [unreadable(`'${name}'`, error).message] };
  }
}

function isDeleted(entry: string, notes: ReleaseState['versionNotes']): boolean {
  return versionFolder.test(entry) && notes[Number(entry)]?.deleted === true;
}

/**
 * The number of a whole version; or what is wrong with what could have been meant as one, from within a quoted path on.
 */
async function judge(entry: Dirent, folder: string, root: string): Promise<number | string | undefined> {
  const path = join(folder, entry.name);
  if (versionFolder.test(entry.name)) {
    if (await findModelFile(path, root)) return Number(entry.name);
    return entry.isFile() ? undefined : `${entry.name}${await whyNotWhole(path, root)}`;
  }
  if (onnxFile.test(entry.name)) return entry.name + fileWithoutVersion(basename(folder));
  if (!(await isInside(path, root, 'directory')) || !(await holdsModel(path))) return undefined;
  if (entry.name === 'onnx') return repositoryWithoutVersion(basename(folder));
  return `${entry.name}' is no version: expected a whole number from 1 on, such as '${basename(folder)}/1'`;
}

async function whyNotWhole(folder: string, root: string): Promise<string> {
  if (!(await isInside(folder, root, 'directory')))
    return "' is no folder in the model repository: expected one, or a link to one";
  const files = await readdir(folder);
  if (files.includes('model.onnx'))
    return "/model.onnx' is no file in the model repository: expected one, or a link to one";
  const inner = (await readdir(join(folder, 'onnx')).catch(() => [])).map((file) => `onnx/${file}`);
  return whyNoModel([...files, ...inner]);
}
