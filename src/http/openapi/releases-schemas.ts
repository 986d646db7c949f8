import type { JsonObject } from './json-object.ts';
import { reference } from './reference.ts';

const count = { type: 'integer', minimum: 0 };
const milliseconds = { type: 'number', minimum: 0 };
const version = { type: 'string' };
const percent = { type: 'number', minimum: 0, maximum: 100, description: 'Of 100 calls by the alias.' };
const ready = { type: 'boolean', description: 'Whether it gets calls: it is loaded.' };
const reason = { type: 'string', description: 'Why it is not ready.' };

const arm = {
  type: 'object',
  required: ['calls', 'errors', 'timed', 'slow'],
  properties: {
    calls: count,
    errors: { ...count, description: 'Calls that failed, or whose answer has no number where one belongs.' },
    timed: count,
    slow: { ...count, description: 'Of those that were timed.' },
  },
};
const evidence = {
  type: 'number',
  minimum: 0,
  description: 'An e-value against "it is no worse than is tolerated".',
};

/** Schemas of what `…/releases` answers. */
export const releasesSchemas: JsonObject = {
  Comparisons: {
    type: 'object',
    required: ['compared', 'agreed', 'labels', 'label_flips', 'largest_difference', 'failed', 'dropped'],
    properties: {
      compared: count,
      agreed: count,
      labels: count,
      label_flips: {
        ...count,
        description: 'Rows of scores whose largest is another one, and other texts or whole numbers.',
      },
      largest_difference: {
        type: ['number', 'null'],
        description: 'Between numbers; null where an answer had another shape, or no number where one was expected.',
      },
      failed: { ...count, description: 'Requests that were not answered beside.' },
      dropped: { ...count, description: 'Requests that were not run beside, as the server was busy.' },
      mean_infer_ms: {
        type: 'object',
        required: ['callers', 'own'],
        properties: { callers: milliseconds, own: milliseconds },
        description: 'Of the runs whose answers callers got, and of those beside.',
      },
    },
  },
  Releases: {
    type: 'object',
    required: ['name', 'aliases'],
    properties: {
      name: { type: 'string' },
      aliases: { type: 'object', additionalProperties: reference('schemas', 'Alias') },
    },
  },
  Alias: {
    type: 'object',
    required: ['version'],
    properties: {
      version,
      previous: { ...version, description: 'What `tensorgate rollback` goes back to.' },
      canary: {
        type: 'object',
        required: ['version', 'percent', 'ready'],
        properties: {
          version,
          percent,
          sticky: { type: 'string', enum: ['key', 'id'] },
          since: { type: 'string', format: 'date-time' },
          stopped: { type: 'string', description: 'Why it was taken back.' },
          ready,
          reason,
          calls: { type: 'object', required: ['canary', 'stable'], properties: { canary: arm, stable: arm } },
          evidence: {
            type: 'object',
            required: ['errors', 'latency', 'answers', 'bar'],
            properties: {
              errors: evidence,
              latency: evidence,
              answers: evidence,
              bar: { type: 'number', description: 'What one of them must reach for the canary to be taken back.' },
            },
          },
          comparisons: {
            ...reference('schemas', 'Comparisons'),
            description: "Of its answers with the stable version's.",
          },
        },
      },
      shadow: {
        type: 'object',
        required: ['version', 'percent', 'ready', 'comparisons'],
        properties: {
          version,
          percent,
          ready,
          reason,
          comparisons: {
            ...reference('schemas', 'Comparisons'),
            description: 'Of its answers with those that callers got.',
          },
        },
      },
    },
  },
};
