import { jsonAnswer } from './json-answer.ts';
import type { JsonObject } from './json-object.ts';
import { openAiFailures } from './openai-failures.ts';
import { reference } from './reference.ts';

const refusals = {
  401: 'There is no API key, or none that is known, or it is over.',
  403: 'The key is not good for this; whether there is what was asked for makes no difference.',
  429: 'The key has had what it may have, by its rate, quota or daily cost. Try again after `Retry-After`.',
} as const;
const retryAfter = { 'Retry-After': reference('headers', 'RetryAfter') };

/** The paths of a document, each operation that needs a key with what callers are told whose key is not good for it. */
export function withRefusals(paths: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(paths).map(([path, item]) => {
      const refused = path.startsWith('/v1/') ? openAiFailures(refusals) : plain();
      const entries = Object.entries(item as JsonObject).map(([method, operation]) => [
        method,
        isKeyed(operation) ? { ...operation, responses: { ...refused, ...operation.responses } } : operation,
      ]);
      return [path, Object.fromEntries(entries)];
    }),
  );
}

function isKeyed(operation: unknown): operation is JsonObject & { readonly responses: JsonObject } {
  return typeof operation === 'object' && operation !== null && 'responses' in operation && !('security' in operation);
}

function plain(): JsonObject {
  return Object.fromEntries(
    Object.entries(refusals).map(([status, words]) => [
      status,
      jsonAnswer(words, 'Error', status === '429' ? retryAfter : {}),
    ]),
  );
}
