import { Repository } from 'aws-cdk-lib/aws-ecr';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { Arn, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { imageName } from './image-name.ts';

/**
 * An image in ECR as a task runs it, which may then read this one repository. Throws where `name` is no name of one.
 */
export function registryImage(scope: Construct, name: string): ContainerImage {
  const found = imageName.exec(name);
  if (!found)
    throw new Error(
      `'${name}' is no image in ECR: write 123456789012.dkr.ecr.eu-west-1.amazonaws.com/tensorgate:1.2, by tag or digest`,
    );
  const [, account = '', region = '', repositoryName = '', tagOrDigest = ''] = found;
  const repositoryArn = Arn.format(
    { service: 'ecr', resource: 'repository', resourceName: repositoryName, account, region },
    Stack.of(scope),
  );
  const repository = Repository.fromRepositoryAttributes(scope, 'Repository', { repositoryArn, repositoryName });
  return ContainerImage.fromEcrRepository(repository, tagOrDigest);
}
