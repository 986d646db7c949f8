import { ServiceError } from '../../protocol/service-error.ts';

/** That a version is there already. */
export function versionExistsError(label: string): ServiceError {
  return new ServiceError(409, `${label} exists already; versions are never overwritten`);
}
