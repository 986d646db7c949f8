import { batchingSchema } from './batching-schema.ts';
import { canarySchema } from './canary-schema.ts';
import { driftSchema } from './drift-schema.ts';
import { ensembleSchema } from './ensemble-schema.ts';
import { gateSchema } from './gate-schema.ts';
import { queueSchema } from './queue-schema.ts';
import { sequenceSchema } from './sequence-schema.ts';
import { taskSchema } from './task-schema.ts';

const dimensions = { type: 'array', items: { type: 'integer', minimum: 0 } };

/** The JSON schema of `model.json`; published as docs/model.schema.json. */
export const modelConfigSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'model.json: settings of a Tensorgate model',
  type: 'object',
  additionalProperties: false,
  properties: {
    $schema: { type: 'string' },
    versionPolicy: {
      description: 'Which versions are served. Default: the newest.',
      oneOf: [
        { const: 'all' },
        {
          type: 'object',
          additionalProperties: false,
          required: ['latest'],
          properties: { latest: { type: 'integer', minimum: 1 } },
        },
        {
          type: 'object',
          additionalProperties: false,
          required: ['specific'],
          properties: { specific: { type: 'array', minItems: 1, items: { type: 'integer', minimum: 1 } } },
        },
      ],
    },
    load: { enum: ['start', 'first-use'], description: 'When the model is loaded. Default: as the server starts.' },
    pinned: { type: 'boolean', description: 'Never released to make room. Default: false.' },
    intraOpThreads: {
      type: 'integer',
      minimum: 0,
      maximum: 1024,
      description: 'Threads of one run. Default: 0, as the server is set.',
    },
    spinning: {
      type: 'boolean',
      description:
        'Threads of a run wait for one another without sleeping: quicker where the model has its processors to itself, slower where it has not. Default: false.',
    },
    executionProviders: {
      type: 'array',
      minItems: 1,
      uniqueItems: true,
      items: { enum: ['cuda', 'cpu'] },
      description:
        'What runs the model: cuda, an NVIDIA GPU, without which the model does not load unless cpu is named after it. Default: as the server is set.',
    },
    gpu: {
      description: 'The GPU that runs the model.',
      type: 'object',
      additionalProperties: false,
      properties: {
        deviceId: {
          type: 'integer',
          minimum: 0,
          maximum: 255,
          description: "Which of the machine's GPUs, counted from 0. Default: as the server is set.",
        },
        memoryBytes: {
          type: 'integer',
          minimum: 0,
          description:
            'Bytes of its memory that weights and tensors of the model may take. Default: as the server is set; 0: all there are.',
        },
      },
    },
    responseCache: {
      type: 'boolean',
      description:
        'Answers may be kept, and given again to whoever asks the same, where the server has room for it (serve --response-cache-bytes). Default: false.',
    },
    runsAtOnce: {
      type: 'integer',
      minimum: 0,
      maximum: 1024,
      description: 'Runs of the model at once at most. Default: 0, as many as the server makes.',
    },
    runTimeoutMs: {
      type: 'number',
      minimum: 0,
      description: 'Milliseconds after which a run that has not ended is given up. Default: 0, as the server is set.',
    },
    batching: batchingSchema,
    queue: queueSchema,
    drift: driftSchema,
    canary: canarySchema,
    task: taskSchema,
    sequence: sequenceSchema,
    ...ensembleSchema,
    gate: gateSchema,
    warmupShapes: {
      description: 'Shapes of the warm-up inputs, by input. Default: 1 for each free dimension.',
      type: 'object',
      additionalProperties: dimensions,
    },
    labels: {
      description: "Class labels of an output: a text file in the version's folder, one label a line.",
      type: 'object',
      additionalProperties: { type: 'string', minLength: 1 },
    },
  },
} as const;
