import type { JsonObject } from './json-object.ts';
import { openAiFailures } from './openai-failures.ts';
import { operation } from './operation.ts';

interface JobOperationOptions {
  readonly body?: JsonObject;
  readonly success: JsonObject;
  /** What else may come of it, by status. */
  readonly failed: Readonly<Record<number, string>>;
}

const busy = 'The data of jobs cannot be reached, or no more can wait. Try again.';

/** One method of one path of jobs that make models. */
export function jobOperation(id: string, summary: string, { body, success, failed }: JobOperationOptions): JsonObject {
  const plain = operation({ tag: 'jobs', id, summary, ...(body && { body }), answer: success, errors: [] });
  return { ...plain, responses: { ...(plain.responses as JsonObject), ...openAiFailures({ ...failed, 503: busy }) } };
}
