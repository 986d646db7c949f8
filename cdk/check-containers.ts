import { accelerators } from './constructs/accelerators.ts';
import type { ContainerEndpointSettings, GpuEndpointSettings } from './container-settings.ts';
import type { StageSettings } from './stage-settings.ts';

/** What Fargate has: virtual CPUs → least and most GB of memory, and the step between. */
const fargate: Readonly<Record<number, readonly [number, number, number]>> = {
  1: [2, 8, 1],
  2: [4, 16, 1],
  4: [8, 30, 1],
  8: [16, 60, 4],
  16: [32, 120, 8],
};

/** What is wrong with a stage's endpoints in containers, each with what to write. */
export function checkContainers({ endpoints }: StageSettings): string[] {
  return endpoints.flatMap((endpoint) =>
    'kind' in endpoint && (endpoint.kind === 'container' || endpoint.kind === 'gpu')
      ? [...checkCount(endpoint), ...(endpoint.kind === 'container' ? checkSize(endpoint) : checkEngine(endpoint))].map(
          (problem) => `endpoint '${endpoint.name}' ${problem}`,
        )
      : [],
  );
}

function checkCount(endpoint: ContainerEndpointSettings | GpuEndpointSettings) {
  const { minContainers = 1, maxContainers, models, idleMinutes } = endpoint;
  const problems: string[] = [];
  if (idleMinutes !== undefined && (endpoint.minContainers ?? maxContainers ?? endpoint.queueTargetMs) !== undefined)
    problems.push(
      'has idleMinutes, and so one container or none: leave minContainers, maxContainers and queueTargetMs out, or idleMinutes',
    );
  if (models.length === 0) problems.push('serves no models: name some');
  if (maxContainers !== undefined && maxContainers < minContainers)
    problems.push(
      `has ${minContainers} containers at least and ${maxContainers} at most: write maxContainers: ${minContainers} or more`,
    );
  return problems;
}

function checkEngine(endpoint: GpuEndpointSettings): string[] {
  const { engine = 'tensorgate', image, models, modelVersion, maxContainers, queueTargetMs, idleMinutes } = endpoint;
  const problems: string[] = [];
  if (modelVersion !== undefined && engine !== 'vllm')
    problems.push(
      `has a modelVersion, which is of the engine 'vllm': leave it out, and point the alias 'production' at it`,
    );
  if (engine === 'vllm' && models.length > 1)
    problems.push("has the engine 'vllm', which serves one model: write an endpoint for each other one");
  if (accelerators[endpoint.accelerator ?? 'l4'].gpuCount > 1 && engine !== 'vllm')
    problems.push(
      `has the accelerator '${endpoint.accelerator}', several GPUs, over which the engine 'vllm' alone shares a model out: write one GPU, or engine: 'vllm'`,
    );
  if (engine === 'tensorgate') return problems;
  if (endpoint.needsGrpcKeys)
    problems.push(`has the engine '${engine}', which asks nobody for keys by gRPC: leave needsGrpcKeys out`);
  if (engine === 'triton' && image === undefined)
    problems.push(
      "has the engine 'triton' and no image: copy nvcr.io/nvidia/tritonserver to ECR, and write its name there with its tag",
    );
  if ((maxContainers ?? queueTargetMs ?? idleMinutes) !== undefined)
    problems.push(
      `has the engine '${engine}', which does not tell how long requests wait: leave maxContainers, queueTargetMs and idleMinutes out`,
    );
  return problems;
}

function checkSize({ cpus = 2, memoryMb = 4096 }: ContainerEndpointSettings): string[] {
  const [least, most, step] = fargate[cpus] ?? [0, 0, 1];
  const gigabytes = memoryMb / 1024;
  if (gigabytes >= least && gigabytes <= most && gigabytes % step === 0) return [];
  return [
    `has ${memoryMb} MB with ${cpus} CPUs, which Fargate does not: write memoryMb from ${least * 1024} to ${most * 1024}, a multiple of ${step * 1024}`,
  ];
}
