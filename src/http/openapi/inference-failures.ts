import type { JsonObject } from './json-object.ts';
import { openAiFailures } from './openai-failures.ts';

/**
 * Responses of an inference under `/v1` that fails.
 *
 * @param wrong what 400 means
 * @param unsupported what 415 means
 */
export function inferenceFailures(
  wrong: string,
  unsupported = 'The content encoding is not one that is understood.',
): JsonObject {
  return openAiFailures({
    400: `${wrong}; the message says what was expected, and what came.`,
    404: 'There is no such model, version or alias.',
    413: 'A limit is passed; the message names it.',
    415: unsupported,
    500: 'The runtime or the server failed; the message has the request id, under which the log has the reason.',
    503: 'The model is loading, failed to load or is unloaded, or the server or the model is full.',
    504: 'The deadline of the request passed before it was answered, or its caller left.',
  });
}
