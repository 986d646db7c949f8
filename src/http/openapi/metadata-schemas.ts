import type { JsonObject } from './json-object.ts';
import { objectOf } from './object-of.ts';
import { reference } from './reference.ts';

const text = { type: 'string' };
const flag = { type: 'boolean' };
const integer = { type: 'integer' };

/** An object all of whose properties are there, but for `optional` ones. */
function list(items: JsonObject): JsonObject {
  return { type: 'array', items };
}

const tensors = list(reference('schemas', 'TensorMetadata'));
const configTensor = { name: text, data_type: { type: 'string', pattern: '^TYPE_' }, dims: list(integer) };
const versionPolicy = {
  oneOf: [
    objectOf({ latest: objectOf({ num_versions: integer }) }),
    objectOf({ all: { type: 'object' } }),
    objectOf({ specific: objectOf({ versions: list(integer) }) }),
  ],
};

const queuePolicy = objectOf({
  timeout_action: { type: 'string', enum: ['REJECT', 'DELAY'] },
  default_timeout_microseconds: integer,
  allow_timeout_override: flag,
  max_queue_size: integer,
});
const dynamicBatching = objectOf({
  preferred_batch_size: list(integer),
  max_queue_delay_microseconds: integer,
  priority_levels: integer,
  default_priority_level: integer,
  default_queue_policy: queuePolicy,
  priority_queue_policy: { type: 'object', additionalProperties: queuePolicy },
});
const sequenceBatching = objectOf({
  max_sequence_idle_microseconds: { type: 'number' },
  oldest: objectOf({ max_candidate_sequences: integer }),
  state: list(
    objectOf({ input_name: text, output_name: text }, { data_type: configTensor.data_type, dims: configTensor.dims }),
  ),
});
const tensorNames = { type: 'object', additionalProperties: text };
const ensembleScheduling = objectOf({
  step: list(objectOf({ model_name: text, model_version: integer, input_map: tensorNames, output_map: tensorNames })),
});

/** Schemas of what the server says of itself and its models. */
export const metadataSchemas: JsonObject = {
  Error: objectOf({ error: { type: 'string', description: 'What was expected, what came, what to do.' } }),
  Empty: { type: 'object', maxProperties: 0 },
  ServerMetadata: objectOf({ name: text, version: text, extensions: list(text) }),
  ServerLive: objectOf({ live: flag }),
  ServerReady: objectOf({ ready: flag }),
  ModelList: objectOf({ models: list(text) }),
  TensorMetadata: objectOf({
    name: text,
    datatype: reference('schemas', 'Datatype'),
    shape: { type: 'array', items: { type: 'integer', minimum: -1 }, description: '-1: any size' },
  }),
  ModelMetadata: objectOf({
    name: text,
    versions: list(text),
    platform: text,
    inputs: tensors,
    outputs: tensors,
    parameters: objectOf(
      { batching: { ...text, description: '`on` where requests share runs, else `off: ` and why they do not.' } },
      {
        task: { ...text, description: 'What it does for callers of /v1/predict.' },
        folder: {
          ...text,
          description: 'What the files beside the model were taken for, where no model.json says it.',
        },
        items: {
          type: 'object',
          required: ['input', 'output'],
          properties: { input: text, output: text },
          description:
            'The input of BYTES by which texts, files or columns come in place of tensors, and the output that has what the model says of each, as JSON.',
        },
        sequence_state: {
          ...list(objectOf({ input: text, output: text })),
          description: 'State that the server keeps for each sequence: callers neither send nor see it.',
        },
        unservable_outputs: list(objectOf({ name: text, reason: text })),
      },
    ),
  }),
  ModelReady: objectOf({ name: text, ready: flag }),
  ModelConfig: objectOf(
    {
      name: text,
      platform: text,
      backend: text,
      version_policy: versionPolicy,
      max_batch_size: integer,
      input: list(objectOf(configTensor)),
      output: list(objectOf({ ...configTensor, label_filename: text })),
      instance_group: list(objectOf({ name: text, count: integer, kind: text, gpus: list(integer) })),
      response_cache: objectOf({ enable: flag }),
      default_model_filename: text,
      parameters: objectOf({ batching: objectOf({ string_value: text }) }),
    },
    { dynamic_batching: dynamicBatching, sequence_batching: sequenceBatching, ensemble_scheduling: ensembleScheduling },
  ),
  RepositoryIndex: list(
    objectOf(
      { name: text, state: { type: 'string', enum: ['UNAVAILABLE', 'LOADING', 'READY', 'UNLOADING'] }, reason: text },
      { version: text },
    ),
  ),
};
