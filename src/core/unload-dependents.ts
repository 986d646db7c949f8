import { ServiceError } from '../protocol/service-error.ts';

/** Whether an unload also means the models of an ensemble's steps, by Triton's parameter. Throws 400 for what is no flag. */
export function unloadDependents(parameters: unknown): boolean {
  if (typeof parameters !== 'object' || parameters === null) return false;
  const { unload_dependents: value = false } = parameters as Record<string, unknown>;
  if (typeof value === 'boolean') return value;
  throw new ServiceError(
    400,
    `parameter 'unload_dependents': expected true or false, got ${JSON.stringify(value).slice(0, 40)}`,
  );
}
