import type { JsonObject } from './json-object.ts';
import { objectOf } from './object-of.ts';

export const text: JsonObject = { type: 'string' };
export const flag: JsonObject = { type: 'boolean' };
export const whole: JsonObject = { type: 'integer', minimum: 0 };
export const anyObject: JsonObject = { type: 'object' };
export const nullable = (schema: JsonObject): JsonObject => ({ anyOf: [schema, { type: 'null' }] });
export const list = (items: JsonObject, more: JsonObject = {}): JsonObject => ({ type: 'array', items, ...more });

/** An object of some fields that are there, others that may be, and none besides. */
export const closed = (properties: JsonObject, optional: JsonObject = {}): JsonObject => ({
  ...objectOf(properties, optional),
  additionalProperties: false,
});

const number = (minimum: number, maximum: number, standard: number): JsonObject => ({
  type: 'number',
  minimum,
  maximum,
  default: standard,
});
const stop: JsonObject = { type: 'string', minLength: 1, maxLength: 1000 };

/** How tokens are chosen, and where a text ends. */
export const sampling: JsonObject = {
  temperature: { ...number(0, 2, 1), description: '0: always the likeliest token.' },
  top_p: { type: 'number', minimum: 0, maximum: 1, default: 1 },
  top_k: { type: 'integer', minimum: -1, maximum: 1_000_000_000, default: 0, description: '0, or -1: all tokens.' },
  min_p: {
    ...number(0, 1, 0),
    description: "Tokens with less than this part of the likeliest one's probability are left out.",
  },
  seed: {
    type: 'integer',
    minimum: -2_147_483_648,
    maximum: 4_294_967_295,
    description: 'The same seed gives the same text, of the same version.',
  },
  presence_penalty: number(-2, 2, 0),
  frequency_penalty: number(-2, 2, 0),
  repetition_penalty: { type: 'number', minimum: 0.01, maximum: 2, default: 1 },
  logit_bias: {
    type: 'object',
    propertyNames: { pattern: '^\\d{1,15}$' },
    additionalProperties: { type: 'number', minimum: -100, maximum: 100 },
    description: 'What is added to the logit of a token.',
  },
  stop: {
    anyOf: [stop, list(stop, { maxItems: 4 })],
    description: 'Texts that end it, and are no part of it.',
  },
};
