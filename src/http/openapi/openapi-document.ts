import type { Limits } from '../../settings.ts';
import { batchPaths } from './batch-paths.ts';
import type { DocumentedModel } from './documented-model.ts';
import { errorResponses } from './error-responses.ts';
import { exampleRequest } from './example-request.ts';
import { explainPaths, explainSchemas } from './explain-paths.ts';
import { fineTuningPaths } from './fine-tuning-paths.ts';
import { headers } from './headers.ts';
import { inferenceSchemas } from './inference-schemas.ts';
import { jobPaths } from './job-paths.ts';
import { keysPaths } from './keys-paths.ts';
import { loadedModelPaths } from './loaded-model-paths.ts';
import { metadataSchemas } from './metadata-schemas.ts';
import { metricsPaths } from './metrics-paths.ts';
import { modelPaths } from './model-paths.ts';
import { openAiPaths } from './openai-paths.ts';
import { parameters } from './parameters.ts';
import { predictPaths } from './predict-paths.ts';
import { releasesSchemas } from './releases-schemas.ts';
import { repositoryPaths } from './repository-paths.ts';
import { rerankPaths } from './rerank-paths.ts';
import { sageMakerPaths } from './sagemaker-paths.ts';
import { serverPaths } from './server-paths.ts';
import { statisticsSchemas } from './statistics-schemas.ts';
import { textPaths, textSchemas } from './text-paths.ts';
import { uploadPaths } from './upload-paths.ts';
import { usagePaths } from './usage-paths.ts';
import { withRefusals } from './with-refusals.ts';

export interface OpenApiOptions {
  /** Of the server. */
  readonly version: string;
  /** Prefix of all paths, such as `/models`; empty for none. */
  readonly basePath: string;
  readonly limits: Limits;
  /** Bytes that the uploads of one request may have together. @default none: the host takes no uploads */
  readonly maxUploadBytes?: number | undefined;
  /** Whether the host has batch jobs. @default false */
  readonly hasBatches?: boolean;
  /** Whether the host has jobs that make models. @default false */
  readonly hasJobs?: boolean;
  /** Whether the host has metrics. @default false */
  readonly hasMetrics?: boolean;
  /** Whether the host has keys that payloads may be encrypted to. @default false */
  readonly hasPayloadKeys?: boolean;
  /** Whether the host counts what callers use. @default false */
  readonly hasUsage?: boolean;
  /** Whether the host keeps SageMaker's contract. @default false */
  readonly hasSageMaker?: boolean;
  /** Whether callers need an API key of the server's own. @default false */
  readonly needsKey?: boolean;
}

const description = `ONNX models over the [Open Inference Protocol](https://github.com/kserve/open-inference-protocol) v2, with Triton's extensions for
binary tensors, repository, configuration, statistics, classification and generate.

A failure is answered with \`{"error": "…"}\`, which says what was expected, what came and what to do. Wherever there is GET there is HEAD;
any other method is 405, with those that there are in \`Allow\`. A request may carry an \`X-Request-Id\`; the answer has it, or one of the server's.`;

const securitySchemes = {
  ApiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
  Bearer: { type: 'http', scheme: 'bearer' },
};

const tags = [
  { name: 'server', description: 'Health and metadata of the server' },
  { name: 'models', description: 'What models there are, what they take and how they do' },
  { name: 'inference', description: 'Running models: first each loaded one, with its own inputs' },
  { name: 'batches', description: "Many requests as one job, in the shapes of OpenAI's Batch API" },
  { name: 'jobs', description: 'Making models of others' },
  { name: 'repository', description: 'Loading and unloading' },
  { name: 'sagemaker', description: "SageMaker's contract with a container, where the server keeps it" },
];

/** OpenAPI 3.1 of every route, and of every loaded model's own infer route. For JSON.stringify. */
export function openApiDocument(models: readonly DocumentedModel[], options: OpenApiOptions): object {
  const { version, basePath, limits, maxUploadBytes } = options;
  const hasExchange = maxUploadBytes !== undefined;
  const example = models.find((model) => exampleRequest(model) !== undefined) ?? models[0];
  const paths = {
    ...serverPaths,
    ...loadedModelPaths(models, basePath, limits),
    ...modelPaths(example && exampleRequest(example), hasExchange),
    ...openAiPaths,
    ...textPaths,
    ...predictPaths(hasExchange),
    ...explainPaths,
    ...rerankPaths,
    ...(hasExchange ? uploadPaths(maxUploadBytes) : {}),
    ...(options.hasBatches ? batchPaths : {}),
    ...(options.hasJobs ? { ...jobPaths, ...fineTuningPaths } : {}),
    ...(options.hasMetrics ? metricsPaths : {}),
    ...(options.hasPayloadKeys ? keysPaths : {}),
    ...(options.hasUsage ? usagePaths : {}),
    ...(options.hasSageMaker ? sageMakerPaths : {}),
    ...repositoryPaths,
  };
  return {
    openapi: '3.1.1',
    info: { title: 'Tensorgate', version, description, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: basePath || '/' }],
    tags,
    ...(options.needsKey ? { security: Object.keys(securitySchemes).map((name) => ({ [name]: [] })) } : {}),
    paths: options.needsKey ? withRefusals(paths) : paths,
    components: {
      schemas: {
        ...metadataSchemas,
        ...inferenceSchemas(limits, hasExchange),
        ...statisticsSchemas,
        ...releasesSchemas,
        ...textSchemas,
        ...explainSchemas,
      },
      responses: errorResponses(),
      parameters: parameters(limits, example?.name),
      headers,
      ...(options.needsKey ? { securitySchemes } : {}),
    },
  };
}
