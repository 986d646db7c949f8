import type { JsonObject } from './json-object.ts';
import { reference } from './reference.ts';

const count = { type: 'integer', minimum: 0 };
const stages = 'success fail queue compute_input compute_infer compute_output cache_hit cache_miss'.split(' ');

/** Schemas of Triton's statistics extension. */
export const statisticsSchemas: JsonObject = {
  Duration: {
    type: 'object',
    required: ['count', 'ns'],
    properties: { count, ns: { ...count, description: 'Nanoseconds in all.' } },
  },
  VersionStatistics: {
    type: 'object',
    required: ['name', 'version', 'last_inference', 'inference_count', 'execution_count', 'inference_stats'],
    properties: {
      name: { type: 'string' },
      version: { type: 'string' },
      last_inference: { ...count, description: 'Milliseconds since 1970.' },
      inference_count: {
        ...count,
        description:
          'Inferences that were answered: the rows of each request where the first dimension is free in every input and output, else 1.',
      },
      execution_count: { ...count, description: 'Runs of the model, those included whose answer could not be sent.' },
      inference_stats: {
        type: 'object',
        required: stages,
        properties: Object.fromEntries(stages.map((stage) => [stage, reference('schemas', 'Duration')])),
      },
      response_stats: { type: 'object' },
      batch_stats: { type: 'array' },
      memory_usage: { type: 'array' },
    },
  },
  Statistics: {
    type: 'object',
    required: ['model_stats'],
    properties: { model_stats: { type: 'array', items: reference('schemas', 'VersionStatistics') } },
  },
};
