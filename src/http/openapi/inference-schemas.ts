import type { Limits } from '../../settings.ts';
import { exchangeParameters } from './exchange-parameters.ts';
import type { JsonObject } from './json-object.ts';
import { reference } from './reference.ts';

const data = { $ref: '#/components/schemas/TensorData' };
const element = { type: ['number', 'boolean', 'string'] };

const anything = { type: ['string', 'number', 'boolean'] };

/** Of models that keep state, which take whole numbers or texts, and flags; others pass over them. */
const sequenceParameters = {
  sequence_id: {
    ...anything,
    description:
      'The sequence that the request goes on with, a whole number from 1 on or a text; models that keep state need it.',
  },
  sequence_start: { ...anything, description: 'Whether the request begins its sequence.' },
  sequence_end: { ...anything, description: 'Whether the request is the last of its sequence.' },
};

/**
 * Schemas of the infer request and response, for any model; `hasExchange`: tensors may go through uploads and links.
 */
export function inferenceSchemas(limits: Limits, hasExchange: boolean): JsonObject {
  const exchange = hasExchange ? exchangeParameters : undefined;
  const name = { type: 'string', minLength: 1, maxLength: limits.maxNameLength };
  const datatype = reference('schemas', 'Datatype');
  const shape = { type: 'array', maxItems: limits.maxNesting, items: { type: 'integer', minimum: 0 } };
  const others = {
    propertyNames: { maxLength: limits.maxNameLength },
    maxProperties: limits.maxTensors,
    additionalProperties: { type: ['string', 'number', 'boolean'] },
  };
  return {
    Datatype: {
      type: 'string',
      enum: 'BOOL UINT8 UINT16 UINT32 UINT64 INT8 INT16 INT32 INT64 FP16 BF16 FP32 FP64 BYTES'.split(' '),
    },
    Id: {
      type: 'string',
      maxLength: limits.maxNameLength,
      description: 'Identifies the request to its caller; sent back.',
    },
    Parameters: { type: 'object', ...others },
    InputParameters: { type: 'object', ...(exchange ? { properties: exchange.input } : {}), ...others },
    RequestParameters: {
      type: 'object',
      properties: {
        binary_data_output: {
          type: 'boolean',
          description: 'Answer with binary tensors, where an output does not say.',
        },
        ...exchange?.request,
        priority: {
          type: 'integer',
          minimum: 0,
          description:
            'Which waiting request is served first: 1 before 2; 0, and what the model does not have: its default.',
        },
        timeout: {
          type: 'number',
          minimum: 0,
          description: 'Microseconds from its arrival until the request is dropped; 0: never.',
        },
        ...sequenceParameters,
      },
      ...others,
    },
    OutputParameters: {
      type: 'object',
      properties: {
        binary_data: { type: 'boolean', description: 'Whether this output is a binary tensor in the answer.' },
        ...exchange?.output,
        classification: {
          type: 'integer',
          minimum: 0,
          description:
            'So many best classes instead of the numbers, as `value:index` or `value:index:label`; 0: the numbers.',
        },
      },
      ...others,
    },
    TensorData: {
      type: 'array',
      description:
        'The elements in row-major order, flat or nested as the dimensions are. JSON has no FP16 and BF16; in answers, NaN and infinities are strings.',
      items: { anyOf: [element, data] },
    },
    InputData: { description: 'For the shape [], one element may stand alone.', anyOf: [data, element] },
    RequestInput: {
      type: 'object',
      required: ['name', 'datatype', 'shape'],
      description: `With \`data\`, or with the parameter \`binary_data_size\`: bytes of this tensor behind the JSON${hasExchange ? '; or with `content_ref`' : ''}.`,
      properties: {
        name,
        datatype,
        shape,
        data: reference('schemas', 'InputData'),
        parameters: reference('schemas', 'InputParameters'),
      },
    },
    RequestedOutput: {
      type: 'object',
      required: ['name'],
      properties: { name, parameters: reference('schemas', 'OutputParameters') },
    },
    InferRequest: {
      type: 'object',
      required: ['inputs'],
      properties: {
        id: reference('schemas', 'Id'),
        parameters: reference('schemas', 'RequestParameters'),
        inputs: { type: 'array', maxItems: limits.maxTensors, items: reference('schemas', 'RequestInput') },
        outputs: { type: 'array', maxItems: limits.maxTensors, items: reference('schemas', 'RequestedOutput') },
      },
    },
    ResponseOutput: {
      type: 'object',
      required: ['name', 'datatype', 'shape'],
      properties: { name, datatype, shape, data, parameters: reference('schemas', 'Parameters') },
    },
    InferResponse: {
      type: 'object',
      required: ['model_name', 'model_version', 'outputs'],
      properties: {
        model_name: { type: 'string' },
        model_version: { type: 'string' },
        id: { type: 'string' },
        parameters: reference('schemas', 'Parameters'),
        outputs: { type: 'array', items: reference('schemas', 'ResponseOutput') },
      },
    },
  };
}
