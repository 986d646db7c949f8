import type { ErrorStatus } from './error-responses.ts';
import { errorNames } from './error-responses.ts';
import type { JsonObject } from './json-object.ts';
import { reference } from './reference.ts';

export interface OperationOptions {
  readonly tag: 'server' | 'models' | 'inference' | 'batches' | 'jobs' | 'repository' | 'sagemaker';
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  /** Names of parameters among the components. */
  readonly parameters?: readonly string[];
  readonly body?: JsonObject;
  /** Whether it can be asked without a key, where others need one. @default false */
  readonly isOpen?: boolean;
  /** The response with status 200. */
  readonly answer: JsonObject;
  readonly errors: readonly ErrorStatus[];
}

/** One method of one path. */
export function operation(options: OperationOptions): JsonObject {
  const { tag, id, summary, description, parameters, body, isOpen, answer, errors } = options;
  return {
    tags: [tag],
    operationId: id,
    summary,
    ...(description === undefined ? {} : { description }),
    ...(parameters === undefined ? {} : { parameters: parameters.map((name) => reference('parameters', name)) }),
    ...(body === undefined ? {} : { requestBody: body }),
    ...(isOpen ? { security: [] } : {}),
    responses: {
      200: answer,
      ...Object.fromEntries(errors.map((status) => [status, reference('responses', errorNames[status])])),
    },
  };
}
