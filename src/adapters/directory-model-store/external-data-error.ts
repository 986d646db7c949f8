import { ServiceError } from '../../protocol/service-error.ts';

/** Why external data cannot be used: it lies outside the version's folder, or is not there. */
export function externalDataError(label: string, location: string, reason: 'outside' | 'missing'): ServiceError {
  const names = `${label} names external data '${location}'`;
  return new ServiceError(
    400,
    reason === 'outside'
      ? `${names} outside its folder: it must be a file in the version's own folder`
      : `${names}, which is not in the version's folder`,
  );
}
