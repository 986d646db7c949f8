import { ServiceError } from '../protocol/service-error.ts';
import { CutError } from './cut-error.ts';

/** Why requests fail, in the words of Triton's metric `nv_inference_request_failure`. */
export const failureReasons = ['REJECTED', 'CANCELED', 'BACKEND', 'OTHER'] as const;

export type FailureReason = (typeof failureReasons)[number];

/** Refused before it ran, ended by deadline, caller or the server's end, failed in the runtime or in us, or wrong. */
export function failureReason(error: unknown): FailureReason {
  if (error instanceof CutError) return 'CANCELED';
  const status = error instanceof ServiceError ? error.status : 500;
  if (status === 503) return 'REJECTED';
  if (status === 504) return 'CANCELED';
  return status >= 500 ? 'BACKEND' : 'OTHER';
}
