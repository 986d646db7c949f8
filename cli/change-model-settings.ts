import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ModelConfigFile } from '../src/adapters/directory-model-store/fill-model-config.ts';
import { placeOf } from '../src/adapters/place-of.ts';
import { changeSettings } from '../src/adapters/s3-model-store/change-settings.ts';
import { readModelSettings, writeModelSettings } from './model-settings-file.ts';

/**
 * Changes the `model.json` of a model in the repository at `uri`, as `change` makes it of what it is, or of an empty
 * one. Gives where it is.
 */
export async function changeModelSettings(
  uri: string,
  name: string,
  change: (before: ModelConfigFile) => ModelConfigFile,
): Promise<string> {
  const place = placeOf(uri);
  if ('s3' in place) {
    await changeSettings(uri, name, change);
    return `${uri.replace(/\/+$/, '')}/${name}/model.json`;
  }
  const path = join(place.path, name, 'model.json');
  await mkdir(dirname(path), { recursive: true });
  await writeModelSettings(path, change(await readModelSettings(path)));
  return path;
}
