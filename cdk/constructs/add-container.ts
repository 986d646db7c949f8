import {
  type ContainerDefinitionOptions,
  type ContainerImage,
  type HealthCheck,
  LogDrivers,
  type Secret,
  type TaskDefinition,
} from 'aws-cdk-lib/aws-ecs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import { addSealedContainer } from './add-sealed-container.ts';
import type { ModelSource } from './model-source.ts';
import { serverPorts } from './server-ports.ts';

export interface AddContainerProps {
  readonly image: ContainerImage;
  readonly models: ModelSource;
  readonly memoryMb: number;
  /** GPUs that the container has to itself. @default none */
  readonly gpuCount?: number | undefined;
  /** Variables that are read from secrets as the container starts. @default none */
  readonly secrets?: Readonly<Record<string, Secret>> | undefined;
  /** How long logs are kept. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays | undefined;
}

export interface ContainerRun {
  readonly command: readonly string[];
  /** Command that ends with 0 while the server lives. */
  readonly health: readonly string[];
  /** @default none */
  readonly environment?: Readonly<Record<string, string>> | undefined;
}

/**
 * Adds a server to a task, on the ports that all have: it may read its models and write its log, and writes to no disk
 * but `/tmp`; with several GPUs also to `/dev/shm`, by which a process for each of them tells the others, and which has
 * 64 MB as it comes. Returns the log.
 */
export function addContainer(
  task: TaskDefinition,
  { image, models, memoryMb, gpuCount, secrets, logRetention }: AddContainerProps,
  { command, health, environment }: ContainerRun,
): LogGroup {
  const logGroup = new LogGroup(task, 'Log', {
    retention: logRetention ?? RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  // ECS goes by this and not by the image's own.
  const healthCheck: HealthCheck = {
    command: ['CMD', ...health],
    interval: Duration.seconds(10),
    startPeriod: Duration.seconds(60),
  };
  const options: ContainerDefinitionOptions = {
    image,
    command: [...command],
    memoryLimitMiB: memoryMb,
    ...(gpuCount && { gpuCount }),
    ...(environment && { environment }),
    ...(secrets && { secrets }),
    portMappings: Object.values(serverPorts).map((containerPort) => ({ containerPort })),
    logging: LogDrivers.awsLogs({ logGroup, streamPrefix: 'server' }),
    healthCheck,
    // Longer than the server takes to answer what is under way.
    stopTimeout: Duration.seconds(30),
  };
  addSealedContainer(task, 'Server', options, (gpuCount ?? 0) > 1 ? { shared: '/dev/shm' } : {});
  models.grantRead(task.taskRole);
  return logGroup;
}
