import { jsonAnswer } from './json-answer.ts';
import type { JsonObject } from './json-object.ts';
import { reference } from './reference.ts';

export type ErrorStatus = keyof typeof errorNames;

/** The statuses of failures that operations document, by the name of the component that describes each. */
export const errorNames = {
  400: 'BadRequest',
  404: 'NotFound',
  413: 'ContentTooLarge',
  415: 'UnsupportedMediaType',
  500: 'ServerError',
  503: 'Unavailable',
  504: 'Timeout',
} as const;

const descriptions: Readonly<Record<ErrorStatus, string>> = {
  400: 'The request is wrong; the message says what was expected, and what came.',
  404: 'There is no such model, version, alias or path.',
  413: 'The body, its decompressed size, a name, or the number of tensors, elements or nested levels is over a limit; the message names it.',
  415: 'The media type or the content encoding is not one that is understood.',
  500: 'The runtime or the server failed; the message has the request id, under which the log has the reason.',
  503: 'The model is loading, failed to load or is unloaded, or the server is full. Try again after `Retry-After`.',
  504: 'The deadline of the request passed before it was answered, or its caller left; its work was dropped, a run under way ended. The message says which limit it was.',
};
const retryAfter = { 'Retry-After': reference('headers', 'RetryAfter') };

/** The components that describe failures. */
export function errorResponses(): JsonObject {
  const statuses = Object.keys(errorNames).map(Number) as ErrorStatus[];
  return Object.fromEntries(
    statuses.map((status) => [
      errorNames[status],
      jsonAnswer(descriptions[status], 'Error', status === 503 ? retryAfter : {}),
    ]),
  );
}
