import type { ContainerEndpointSettings, GpuEndpointSettings } from '../../cdk/container-settings.ts';

const certificateArn = 'arn:aws:acm:eu-west-1:123456789012:certificate/00000000-0000-0000-0000-000000000000';

/** An endpoint of each kind that runs in containers. */
export const containers: readonly [ContainerEndpointSettings, GpuEndpointSettings] = [
  {
    name: 'Vision',
    kind: 'container',
    models: ['resnet', 'bert'],
    domainName: 'vision.example.com',
    certificateArn,
    maxContainers: 4,
    queueTargetMs: 20,
  },
  {
    name: 'Speech',
    kind: 'gpu',
    models: ['whisper'],
    domainName: 'speech.example.com',
    certificateArn,
    image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/tensorgate:1',
  },
];

/** One that vLLM serves. */
export const vllm: GpuEndpointSettings = {
  name: 'Chat',
  kind: 'gpu',
  engine: 'vllm',
  models: ['qwen'],
  modelVersion: 3,
  domainName: 'chat.example.com',
  certificateArn,
  accelerator: 'l40s',
  memoryMb: 60_000,
};

/** One that NVIDIA's server serves. */
export const triton: GpuEndpointSettings = {
  name: 'Language',
  kind: 'gpu',
  engine: 'triton',
  models: ['llm', 'trt'],
  domainName: 'language.example.com',
  certificateArn,
  image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/tritonserver:25.10-py3',
  accelerator: 'l40s',
  memoryMb: 60_000,
  minContainers: 2,
};
