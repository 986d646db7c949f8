import { allModels, type Caller } from '../ports/caller.ts';
import { ServiceError } from '../protocol/service-error.ts';

/** What a caller is told of `error`: one who may use but some models, nothing of others. */
export function toldTo(caller: Caller | undefined, error: unknown): unknown {
  if (!(error instanceof ServiceError) || error.discreet === undefined || !caller || caller.sees(allModels))
    return error;
  const { status, discreet, field, code, retryAfterSeconds } = error;
  return new ServiceError(status, discreet, {
    cause: error,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    ...(field !== undefined && { field }),
    ...(code !== undefined && { code }),
  });
}
