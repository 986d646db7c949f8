import { Repository } from 'aws-cdk-lib/aws-ecr';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { Arn, Stack } from 'aws-cdk-lib/core';
import { FactName } from 'aws-cdk-lib/region-info';
import type { Construct } from 'constructs';
import { registryImage } from './registry-image.ts';

/** Of AWS's Deep Learning Containers, and the tag that goes with their first major version. */
const [repositoryName, tag] = ['vllm', 'server-cuda-v1'];

/** vLLM as an image: what AWS has in ECR of each region, or one of your own registry. */
export class VllmImage {
  readonly #name: string | undefined;
  /** The version in the bucket that it serves. */
  readonly modelVersion: number;

  /** @param name such as `123456789012.dkr.ecr.eu-west-1.amazonaws.com/vllm@sha256:…`. @default AWS's own */
  constructor(name?: string, modelVersion: number = 1) {
    this.#name = name;
    this.modelVersion = modelVersion;
  }

  /** What a task of ECS runs, which may then read this one repository. */
  forTask(scope: Construct): ContainerImage {
    if (this.#name !== undefined) return registryImage(scope, this.#name);
    const stack = Stack.of(scope);
    // Most regions have them of one account, and others of one each; in a region that the CDK does not know, the
    // template is refused, and not a task minutes later.
    const account = stack.regionalFact(FactName.DLC_REPOSITORY_ACCOUNT);
    const repositoryArn = Arn.format(
      { service: 'ecr', resource: 'repository', resourceName: repositoryName, account },
      stack,
    );
    const repository = Repository.fromRepositoryAttributes(scope, 'Repository', { repositoryArn, repositoryName });
    return ContainerImage.fromEcrRepository(repository, tag);
  }
}
