import { isAbsolute } from 'node:path';

/** Whether a location of external data leads out of the model's folder by how it is written. */
export function leavesFolder(location: string): boolean {
  return isAbsolute(location) || location.split(/[\\/]/).includes('..');
}
