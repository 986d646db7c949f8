import { answer } from './answer.ts';
import type { JsonObject } from './json-object.ts';

const text = { type: 'string' };
const nullable = { type: ['string', 'null'] };
const details = { message: text, type: text, param: nullable, code: nullable };

/** OpenAI's error object, or text where API Gateway refuses. */
const failure: JsonObject = {
  type: 'object',
  required: ['error'],
  properties: { error: { oneOf: [text, { type: 'object', required: Object.keys(details), properties: details }] } },
};

/** Responses of what fails under `/v1`, by status, from what each means. */
export function openAiFailures(statuses: Readonly<Record<number, string>>): JsonObject {
  return Object.fromEntries(
    Object.entries(statuses).map(([status, words]) => [
      status,
      answer(words, { 'application/json': { schema: failure } }),
    ]),
  );
}
