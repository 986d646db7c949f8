import type { TaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { Stack } from 'aws-cdk-lib/core';
import { acknowledge } from './acknowledge.ts';
import { type AddContainerProps, addContainer } from './add-container.ts';
import { serverPorts } from './server-ports.ts';

const { http, grpc } = serverPorts;

/** Its image has Python, and need not have curl. */
const health = `import urllib.request; urllib.request.urlopen('http://127.0.0.1:${http}/v2/health/live', timeout=2)`;

/**
 * Adds NVIDIA's Triton to a task: it reads the same bucket, whose folders are laid out as it has them, and answers the
 * same routes. Of other files beside the versions it takes no notice. It ends where a model does not load, and tells
 * nothing of its load.
 */
export function addTriton(task: TaskDefinition, props: AddContainerProps): undefined {
  const { models } = props;
  addContainer(task, props, {
    command: [
      'tritonserver',
      `--model-repository=${models.uri}`,
      '--model-control-mode=explicit',
      ...(models.modelNames ?? []).map((name) => `--load-model=${name}`),
      `--http-port=${http}`,
      `--grpc-port=${grpc}`,
      '--exit-timeout-secs=25',
    ],
    health: ['python3', '-c', health],
    // It asks S3 in us-east-1 otherwise.
    environment: { AWS_DEFAULT_REGION: Stack.of(task).region },
  });
  acknowledge(task, { 'AwsSolutions-ECS2': 'The one variable is the region, which is no secret' });
}
