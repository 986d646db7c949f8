import type { TensorSpec } from '../../protocol/tensor-spec.ts';
import type { Limits } from '../../settings.ts';
import type { DocumentedModel } from './documented-model.ts';
import { exampleRequest } from './example-request.ts';
import { inferAnswer } from './infer-answer.ts';
import { inputSchema } from './input-schema.ts';
import { isHalf } from './is-half.ts';
import type { JsonObject } from './json-object.ts';
import { operation } from './operation.ts';
import { rawExample } from './raw-example.ts';
import { reference } from './reference.ts';

/** The infer path of every loaded model, with the inputs that this model takes and an example that it answers. */
export function loadedModelPaths(models: readonly DocumentedModel[], basePath: string, limits: Limits): JsonObject {
  return Object.fromEntries(
    models.map((model) => [
      `/v2/models/${encodeURIComponent(model.name)}/infer`,
      { post: inferOperation(model, basePath, limits) },
    ]),
  );
}

function inferOperation(model: DocumentedModel, basePath: string, limits: Limits): JsonObject {
  return operation({
    tag: 'inference',
    id: `infer_${model.name}`,
    summary: `Run ${model.name}`,
    description: description(model, basePath),
    parameters: ['RequestTimeout'],
    body: { required: true, content: content(model, limits) },
    answer: inferAnswer(responseSchema(model)),
    errors: [400, 404, 413, 415, 500, 503, 504],
  });
}

function content(model: DocumentedModel, limits: Limits): JsonObject {
  if (model.inputs.some(({ datatype }) => isHalf(datatype))) return { 'application/octet-stream': {} };
  const example = exampleRequest(model);
  return {
    'application/json': { schema: requestSchema(model, limits), ...(example === undefined ? {} : { example }) },
  };
}

function description(model: DocumentedModel, basePath: string): string {
  const versions = `Versions: ${model.versions.join(', ') || 'none'}; the path \`/v2/models/{model_name}/versions/{model_version}/infer\` asks for one of them.`;
  const binary = 'Binary tensors and compressed bodies work as at `/v2/models/{model_name}/infer`.';
  const command = rawExample(model, basePath);
  const raw = command === undefined ? '' : `\n\nZeros as a raw body:\n\n\`\`\`sh\n${command}\n\`\`\``;
  const list = (specs: readonly TensorSpec[]) =>
    specs.map(({ name, datatype, shape }) => `\`${name}\` ${datatype} [${shape.join(', ')}]`).join(', ') || 'none';
  return `Inputs: ${list(model.inputs)}. Outputs: ${list(model.outputs)}.\n\n${versions} ${binary}${raw}`;
}

function requestSchema({ name, inputs, outputs }: DocumentedModel, limits: Limits): JsonObject {
  const schemas = inputs.map((input) => inputSchema(input, limits));
  const each = inputs.map((input) => ({
    contains: { type: 'object', required: ['name'], properties: { name: { const: input.name } } },
  }));
  const names = outputs.map((output) => output.name);
  return {
    type: 'object',
    title: `Request to ${name}`,
    required: ['inputs'],
    properties: {
      id: reference('schemas', 'Id'),
      parameters: reference('schemas', 'RequestParameters'),
      inputs: {
        type: 'array',
        description: 'Each input once, in any order.',
        minItems: inputs.length,
        maxItems: inputs.length,
        ...(schemas.length === 0 ? {} : { items: schemas.length === 1 ? schemas[0] : { anyOf: schemas } }),
        ...(schemas.length > 1 ? { allOf: each } : {}),
      },
      outputs: {
        type: 'array',
        description: 'The outputs wanted, each once; without any, all.',
        maxItems: names.length,
        uniqueItems: true,
        items: {
          type: 'object',
          required: ['name'],
          properties: {
            name: { type: 'string', ...(names.length > 0 ? { enum: names } : {}) },
            parameters: reference('schemas', 'OutputParameters'),
          },
        },
      },
    },
  };
}

function responseSchema({ outputs }: DocumentedModel): JsonObject {
  const common = reference('schemas', 'InferResponse');
  if (outputs.length === 0) return common;
  const tensors = outputs.map(({ name, datatype, shape }) => ({
    type: 'object',
    title: name,
    description: `${datatype} [${shape.join(', ')}]; BYTES where classification was asked for.`,
    properties: {
      name: { type: 'string', const: name },
      datatype: { type: 'string', enum: [...new Set([datatype, 'BYTES'])] },
    },
  }));
  return { allOf: [common, { type: 'object', properties: { outputs: { type: 'array', items: { anyOf: tensors } } } }] };
}
