import { ServiceError } from '../protocol/service-error.ts';

/** A model, or a version of it, that is not there: told as OpenAI tells it, by its code and the field that named it. */
export function modelNotFound(message: string, discreet?: string): ServiceError {
  const told = { code: 'model_not_found', field: 'model', ...(discreet !== undefined && { discreet }) };
  return new ServiceError(404, message, told);
}
