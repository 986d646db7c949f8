import type { TensorSpec } from '../../protocol/tensor-spec.ts';
import type { Limits } from '../../settings.ts';
import type { DocumentedModel } from './documented-model.ts';
import { exampleRequest } from './example-request.ts';
import { inferAnswer } from './infer-answer.ts';
import { isHalf } from './is-half.ts';
import type { JsonObject } from './json-object.ts';
import { modelRequestSchema } from './model-request-schema.ts';
import { modelResponseSchema } from './model-response-schema.ts';
import { operation } from './operation.ts';
import { rawExample } from './raw-example.ts';

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
    id: `infer-${model.name}`,
    summary: `Run ${model.name}`,
    description: description(model, basePath),
    parameters: ['RequestTimeout'],
    body: { required: true, content: content(model, limits) },
    answer: inferAnswer(modelResponseSchema(model)),
    errors: [400, 404, 413, 415, 500, 503, 504],
  });
}

function content(model: DocumentedModel, limits: Limits): JsonObject {
  if (model.inputs.some(({ datatype }) => isHalf(datatype))) return { 'application/octet-stream': {} };
  const example = exampleRequest(model);
  return {
    'application/json': { schema: modelRequestSchema(model, limits), ...(example === undefined ? {} : { example }) },
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
