import type { BatchInference } from './batch-inference.ts';
import type { InferenceApi } from './inference-api.ts';
import type { InferenceFunction } from './inference-function.ts';
import type { ModelJobs } from './model-jobs.ts';
import type { ModelPreparation } from './model-preparation.ts';

/** What of a service alarms watch, and the dashboard shows. */
export interface ServiceParts {
  readonly functions: readonly InferenceFunction[];
  readonly apis: readonly InferenceApi[];
  /** Batch jobs. @default none */
  readonly batch?: BatchInference | undefined;
  /** Jobs that make models. @default none */
  readonly jobs?: ModelJobs | undefined;
  /** What prepares models. @default none */
  readonly preparations?: readonly ModelPreparation[] | undefined;
}
