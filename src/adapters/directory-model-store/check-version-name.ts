import { ServiceError } from '../../protocol/service-error.ts';
import { explainModelName } from './explain-model-name.ts';
import { modelName } from './model-name.ts';
import { versionFolder } from './version-folder.ts';

/** Refuses, with 400, a name or version under which nothing can be stored. */
export function checkVersionName(name: string, version: number): void {
  if (!modelName.test(name)) throw new ServiceError(400, explainModelName(name));
  if (!versionFolder.test(String(version))) {
    throw new ServiceError(400, `model '${name}': expected a version from 1 on, got ${version}`);
  }
}
