import type { JsonObject } from './json-object.ts';
import { reference } from './reference.ts';

const count = { type: 'integer', minimum: 0 };
const stages = 'success fail queue compute_input compute_infer compute_output cache_hit cache_miss'.split(' ');

const milliseconds = { type: 'number', minimum: 0 };
const duration = (description: string) => ({ ...reference('schemas', 'Duration'), description });

/** A run and the requests that shared it. */
const batch: JsonObject = {
  model_version: { type: 'string' },
  began: { type: 'string', format: 'date-time' },
  requests: { ...count, minimum: 1 },
  rows: { ...count, description: 'Of all its requests.' },
  longest_wait_ms: { ...milliseconds, description: 'How long the request that had waited longest did.' },
  run_ms: milliseconds,
  left_waiting: { ...count, description: 'Requests that went on waiting as it began.' },
  released: {
    type: 'string',
    enum: ['short', 'idle', 'turn', 'full', 'preferred-size', 'delay-over', 'retry'],
    description:
      'Why it began then. `short`: such runs do not wait; `idle`: nothing of the model was under way; `turn`: its turn in the queue came; `full`, `preferred-size`: it had as many rows as it may have, or as are preferred; `delay-over`: it had waited for others as long as it may; `retry`: its request had been in a run that failed.',
  },
  closed: {
    type: 'string',
    enum: ['nothing-waits', 'unlike', 'alone', 'max-batch-size', 'preferred-size', 'long-enough', 'fair-share'],
    description:
      'Why it was not larger. `nothing-waits`: no other request waited; `unlike`: those that waited differ in shapes or outputs; `alone`: its request shares no run; `max-batch-size`, `preferred-size`: it had as many rows as it may have, or as are preferred; `long-enough`: it will take so long that more would gain nothing; `fair-share`: the rest is for the runs that end next.',
  },
  outcome: {
    type: 'string',
    enum: ['answered', 'failed', 'taken-apart'],
    description: '`taken-apart`: it failed for several requests, each of which then had a run of its own.',
  },
};

/** Schemas of Triton's statistics extension, and of the last runs. */
export const statisticsSchemas: JsonObject = {
  Duration: {
    type: 'object',
    required: ['count', 'ns'],
    properties: { count, ns: { ...count, description: 'Nanoseconds in all.' } },
  },
  BatchStatistics: {
    type: 'object',
    required: ['batch_size', 'compute_input', 'compute_infer', 'compute_output'],
    properties: {
      batch_size: {
        ...count,
        description:
          'Rows of a run, of all requests that shared it (0 where they had none); above 128, those up to the next power of two are counted together.',
      },
      compute_input: duration('Putting the requests together.'),
      compute_infer: duration('The run itself.'),
      compute_output: duration('Giving each request its share.'),
    },
  },
  Batches: {
    type: 'object',
    required: ['batches'],
    properties: { batches: { type: 'array', items: reference('schemas', 'Batch') } },
  },
  Batch: {
    type: 'object',
    required: Object.keys(batch),
    properties: batch,
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
      batch_stats: { type: 'array', items: reference('schemas', 'BatchStatistics') },
      memory_usage: { type: 'array' },
    },
  },
  Statistics: {
    type: 'object',
    required: ['model_stats'],
    properties: { model_stats: { type: 'array', items: reference('schemas', 'VersionStatistics') } },
  },
};
