import { join } from 'node:path';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { Arn, IgnoreMode, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { imageName } from './image-name.ts';

export interface ServerImageProps {
  /** Image in ECR, such as `123456789012.dkr.ecr.eu-west-1.amazonaws.com/tensorgate:1.2`. @default built from containers/inference, when the stack is deployed */
  readonly image?: string | undefined;
  readonly target: 'cpu' | 'cuda';
  /** @default 'x86_64' */
  readonly architecture?: 'x86_64' | 'arm64' | undefined;
}

/** The server as an image: one that is in ECR already, or what the repository holds, which Docker builds at deployment and nobody at synthesis. */
export function serverImage(scope: Construct, { image, target, architecture }: ServerImageProps): ContainerImage {
  if (image === undefined)
    return ContainerImage.fromAsset(join(import.meta.dirname, '../..'), {
      file: 'containers/inference/Dockerfile',
      target,
      platform: architecture === 'arm64' ? Platform.LINUX_ARM64 : Platform.LINUX_AMD64,
      ignoreMode: IgnoreMode.DOCKER,
      exclude: [
        '*',
        '!package.json',
        '!package-lock.json',
        '!.npmrc',
        '!LICENSE',
        '!layers',
        '!containers',
        '!cli',
        '!src',
      ],
    });
  const [, account = '', region = '', repositoryName = '', tagOrDigest = ''] = imageName.exec(image) ?? [];
  const repositoryArn = Arn.format(
    { service: 'ecr', resource: 'repository', resourceName: repositoryName, account, region },
    Stack.of(scope),
  );
  const repository = Repository.fromRepositoryAttributes(scope, 'Repository', { repositoryArn, repositoryName });
  return ContainerImage.fromEcrRepository(repository, tagOrDigest);
}
