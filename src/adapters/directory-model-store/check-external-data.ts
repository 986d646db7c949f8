import { lstat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { ServiceError } from '../../protocol/service-error.ts';
import { externalDataLocations } from './external-data-locations.ts';
import { isInside } from './is-inside.ts';

/** Refuses a model whose weights lie outside its version's folder: with 400, and the name of the file. */
export async function checkExternalData(model: string, folder: string, label: string): Promise<void> {
  const locations = await externalDataLocations(model).catch((cause: Error) => {
    throw new ServiceError(400, `${label}: model.onnx is ${cause.message}`, { cause });
  });
  for (const location of locations) {
    const leaves = isAbsolute(location) || location.split(/[\\/]/).includes('..');
    const path = join(folder, location);
    if (!leaves && (await isInside(path, folder, 'file'))) continue;
    const names = `${label} names external data '${location}'`;
    if (leaves || (await lstat(path).catch(() => undefined))) {
      throw new ServiceError(400, `${names} outside its folder: it must be a file in the version's own folder`);
    }
    throw new ServiceError(400, `${names}, which is not in the version's folder`);
  }
}
