import { join } from 'node:path';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { IgnoreMode } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { registryImage } from './registry-image.ts';

type Architecture = 'x86_64' | 'arm64';

/**
 * The server as an image: one that is in ECR already, or what the repository holds, which Docker builds at deployment
 * and nobody at synthesis.
 */
export class ServerImage {
  /** Processors that it is for. */
  readonly architecture: Architecture;
  readonly #name: string | undefined;

  private constructor(architecture: Architecture, name?: string) {
    this.architecture = architecture;
    this.#name = name;
  }

  /** Built from containers/inference. CUDA's libraries are for x86_64 alone. */
  static built(architecture: Architecture = 'x86_64'): ServerImage {
    return new ServerImage(architecture);
  }

  /** In ECR, by tag or digest, such as `123456789012.dkr.ecr.eu-west-1.amazonaws.com/tensorgate:1.2`. */
  static inRegistry(name: string, architecture: Architecture = 'x86_64'): ServerImage {
    return new ServerImage(architecture, name);
  }

  /** What a task of ECS runs. An image in ECR is taken as it is, whatever `target` is. */
  forTask(scope: Construct, target: 'cpu' | 'cuda'): ContainerImage {
    return this.#name === undefined ? this.#asset(target) : registryImage(scope, this.#name);
  }

  #asset(target: 'cpu' | 'cuda'): ContainerImage {
    return ContainerImage.fromAsset(join(import.meta.dirname, '../..'), {
      file: 'containers/inference/Dockerfile',
      target,
      platform: this.architecture === 'arm64' ? Platform.LINUX_ARM64 : Platform.LINUX_AMD64,
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
  }
}
