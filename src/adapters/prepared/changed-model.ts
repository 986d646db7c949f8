import { modelName } from '../directory-model-store/model-name.ts';
import { versionFolder } from '../directory-model-store/version-folder.ts';
import { isSafeFile } from '../s3-model-store/is-safe-file.ts';

/** A model that changed; without a version: in which of its versions are served, and how. */
export interface ChangedModel {
  readonly name: string;
  readonly version?: number;
}

const settingsFiles = ['model.json', 'aliases.json'];

/**
 * What a file that was stored at `path` in a model repository changes; undefined where it changes no model, as a
 * prepared form does not.
 */
export function changedModel(path: string): ChangedModel | undefined {
  const [name = '', folder = '', ...file] = path.split('/');
  if (!modelName.test(name)) return undefined;
  if (file.length === 0) return settingsFiles.includes(folder) ? { name } : undefined;
  return versionFolder.test(folder) && isSafeFile(file.join('/')) ? { name, version: Number(folder) } : undefined;
}
