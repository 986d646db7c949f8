import { realpath } from 'node:fs/promises';
import { isAbsolute, join, sep } from 'node:path';
import { ServiceError } from '../../protocol/service-error.ts';
import { externalDataLocations } from './external-data-locations.ts';

/** Refuses a model whose weights lie outside its version's folder: with 400, and the name of the file. */
export async function checkExternalData(model: string, folder: string, label: string): Promise<void> {
  const root = await realpath(folder);
  for (const location of await externalDataLocations(model)) {
    const outside = new ServiceError(
      400,
      `${label} names external data '${location}': it must be a file in the version's own folder`,
    );
    if (isAbsolute(location) || location.split(/[\\/]/).includes('..')) throw outside;
    const real = await realpath(join(folder, location)).catch((cause) => {
      throw new ServiceError(400, `${label} names external data '${location}', which is not in the version's folder`, {
        cause,
      });
    });
    if (!real.startsWith(root + sep)) throw outside;
  }
}
