import type { TaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { Stack } from 'aws-cdk-lib/core';
import { balancerIdleSeconds } from '../../src/settings.ts';
import { acknowledge } from './acknowledge.ts';
import { type AddContainerProps, addContainer } from './add-container.ts';
import { serverPorts } from './server-ports.ts';

export interface AddVllmProps extends AddContainerProps {
  /** The version of its model, a folder in Hugging Face's layout. */
  readonly modelVersion: number;
}

const port = serverPorts.http;
const health = `import urllib.request; urllib.request.urlopen('http://127.0.0.1:${port}/health', timeout=2)`;

/**
 * Adds vLLM to a task: it streams the weights of its one model from the bucket to the GPU, a part of each to each where
 * there are several, and answers OpenAI's API. It asks nobody else, writes what it compiles to `/tmp`, and tells
 * nothing of its load.
 */
export function addVllm(task: TaskDefinition, { modelVersion, ...props }: AddVllmProps): undefined {
  const { gpuCount = 1 } = props;
  const [name, ...others] = props.models.modelNames ?? [];
  if (name === undefined || others.length > 0)
    throw new Error(`${task.node.path}: vLLM serves one model: select it, and make an endpoint for each other one`);
  const { region } = Stack.of(task);
  addContainer(task, props, {
    // Arguments of the image's own program.
    command: [
      '--model',
      `${props.models.uri}/${name}/${modelVersion}`,
      '--load-format',
      'runai_streamer',
      '--served-model-name',
      name,
      ...(gpuCount > 1 ? ['--tensor-parallel-size', String(gpuCount)] : []),
      '--host',
      '0.0.0.0',
      '--port',
      String(port),
    ],
    health: ['python3', '-c', health],
    environment: {
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      HOME: '/tmp',
      // The network has no way to the internet.
      HF_HUB_OFFLINE: '1',
      VLLM_NO_USAGE_STATS: '1',
      // The load balancer is the one to close what is silent; vLLM does after 5 seconds otherwise.
      VLLM_HTTP_TIMEOUT_KEEP_ALIVE: String(balancerIdleSeconds + 10),
    },
  });
  acknowledge(task, {
    'AwsSolutions-ECS2':
      'The variables are the region, where files go and for how long connections stay, which are no secrets',
  });
}
