import { ServiceError } from '../protocol/service-error.ts';

/** Throws 400 where a load comes with parameters (decision 7). */
export function refuseLoadParameters(parameters: unknown): void {
  if (parameters === undefined || JSON.stringify(parameters) === '{}') return;
  throw new ServiceError(
    400,
    'load takes no parameters: files and settings come from the model repository; push a version instead',
  );
}
