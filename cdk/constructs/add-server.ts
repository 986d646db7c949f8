import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { type ContainerImage, LogDrivers, type TaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { FilterPattern, LogGroup, MetricFilter, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { ModelSource } from './model-source.ts';
import { serverPorts } from './server-ports.ts';

export interface AddServerProps {
  readonly image: ContainerImage;
  readonly models: ModelSource;
  readonly memoryMb: number;
  /** Arguments of `serve` besides those that every server has. */
  readonly options?: readonly string[] | undefined;
  /** GPUs that the container has to itself. @default none */
  readonly gpuCount?: number | undefined;
  /** How long logs are kept. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays | undefined;
}

export interface ServerLoad {
  /** How long requests waited for a run, on average, in milliseconds. */
  readonly queueMs: Metric;
  /** Inferences that were answered, by HTTP and gRPC. */
  readonly requests: Metric;
}

/** Of the memory in MB: weights take up to 2.2 times their size, and the server its own part. */
const memoryBudget = (memoryMb: number) => Math.floor((memoryMb - 512) / 2.2);
const reportSeconds = 60;

/**
 * Adds the server to a task: it may read its models and write its log, and writes to no disk but `/tmp`.
 *
 * Returns what its log tells each minute that it runs.
 */
export function addServer(
  task: TaskDefinition,
  { image, models, memoryMb, options = [], gpuCount, logRetention }: AddServerProps,
): ServerLoad {
  const logGroup = new LogGroup(task, 'Log', {
    retention: logRetention ?? RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const budget = ['--memory-budget', `${memoryBudget(memoryMb)}M`];
  const reports = ['--report-seconds', String(reportSeconds)];
  const served = ['--models', models.uri, '--only', (models.modelNames ?? []).join(','), '--watch', '--no-prepare'];
  const container = task.addContainer('Server', {
    image,
    command: [...served, ...budget, ...reports, ...options],
    readonlyRootFilesystem: true,
    memoryLimitMiB: memoryMb,
    ...(gpuCount && { gpuCount }),
    portMappings: Object.values(serverPorts).map((containerPort) => ({ containerPort })),
    logging: LogDrivers.awsLogs({ logGroup, streamPrefix: 'server' }),
    // ECS goes by this and not by the image's own.
    healthCheck: {
      command: ['CMD', 'node', '/app/containers/inference/health.js'],
      interval: Duration.seconds(10),
      startPeriod: Duration.seconds(60),
    },
    // Longer than the server takes to answer what is under way.
    stopTimeout: Duration.seconds(30),
  });
  task.addVolume({ name: 'temporary' });
  container.addMountPoints({ sourceVolume: 'temporary', containerPath: '/tmp', readOnly: false });
  models.grantRead(task.taskRole);
  acknowledgeImage(task);
  return {
    queueMs: loadMetric(task, logGroup, 'QueueMs', '$.queueMs').with({ statistic: 'Average', label: 'queue (ms)' }),
    requests: loadMetric(task, logGroup, 'Requests', '$.requests').with({ statistic: 'Sum', label: 'inferences' }),
  };
}

function loadMetric(scope: Construct, logGroup: LogGroup, metricName: string, metricValue: string): Metric {
  return new MetricFilter(scope, metricName, {
    logGroup,
    metricName,
    metricValue,
    metricNamespace: `Tensorgate/${Stack.of(scope).stackName}/${scope.node.path.split('/').slice(1).join('-')}`,
    filterPattern: FilterPattern.stringValue('$.msg', '=', 'load'),
  }).metric({ period: Duration.seconds(reportSeconds) });
}

function acknowledgeImage(task: TaskDefinition): void {
  acknowledge(task, {
    'AwsSolutions-IAM5[Resource::*]': 'To log in to ECR is granted on all or none; images are read from one repository',
  });
}
