import { ServiceError } from '../../protocol/service-error.ts';

/** What an explanation is refused with that may not run the model on as many rows as it takes. */
export function tooFewEvaluations(why: string): ServiceError {
  return new ServiceError(400, `parameter 'max_evaluations': ${why}`, { field: 'max_evaluations' });
}
