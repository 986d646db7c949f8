import { join } from 'node:path';
import { isInside } from './is-inside.ts';
import { type ModelFile, modelFiles } from './version-layout.ts';

/**
 * The model in a version's folder; undefined where there is none, or it or the folder lies outside the repository: a
 * link cannot lead elsewhere.
 */
export async function findModelFile(folder: string, root: string): Promise<ModelFile | undefined> {
  if (!(await isInside(folder, root, 'directory'))) return undefined;
  for (const file of modelFiles) if (await isInside(join(folder, file), root, 'file')) return file;
  return undefined;
}
