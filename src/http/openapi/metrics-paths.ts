import { answer } from './answer.ts';
import type { JsonObject } from './json-object.ts';
import { operation } from './operation.ts';

/** What the server counts of itself. */
export const metricsPaths: JsonObject = {
  '/metrics': {
    get: operation({
      tag: 'server',
      id: 'metrics',
      summary: 'Counts and times of the server and its models, for Prometheus',
      answer: answer('The metrics.', { 'text/plain': { schema: { type: 'string' } } }),
      errors: [503],
    }),
  },
};
