import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Secret, type TaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { FilterPattern, type LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Duration, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { type AddContainerProps, addContainer } from './add-container.ts';
import { driftMetric } from './drift-metric.ts';
import type { GrpcKeys } from './grpc-keys.ts';

export interface AddServerProps extends AddContainerProps {
  /** Arguments of `serve` besides those that every server has. @default none */
  readonly options?: readonly string[] | undefined;
  /** Keys that gRPC callers need one of. @default none: whoever reaches the port may call */
  readonly grpcKeys?: GrpcKeys | undefined;
  /** Origin whose pages may call, or `*`. @default none */
  readonly corsOrigin?: string | undefined;
  /** Private keys, in PEM, that callers may encrypt payloads to. @default none */
  readonly payloadKeys?: ISecret | undefined;
  /** Whether it keeps how the inputs and outputs of models are spread. @default false */
  readonly watchesDrift?: boolean | undefined;
}

export interface ServerLoad {
  /** How long requests waited for a run, on average, in milliseconds. */
  readonly queueMs: Metric;
  /** Inferences that were answered, by HTTP and gRPC. */
  readonly requests: Metric;
  /** Hundredths of the time in which its GPU was busy, and MB of the GPU's memory; undefined where it has none. */
  readonly gpu: { readonly busy: Metric; readonly memory: Metric } | undefined;
  /** How far inputs and outputs of models have moved; undefined where that is not kept. */
  readonly drift?: Metric | undefined;
}

/** Of the memory in MB: weights take up to 2.2 times their size, and the server its own part. */
const memoryBudget = (memoryMb: number) => Math.floor((memoryMb - 512) / 2.2);
const reportSeconds = 60;

/** Adds `serve` to a task. Returns what its log tells each minute that it runs. */
export function addServer(
  task: TaskDefinition,
  { options = [], grpcKeys, corsOrigin, payloadKeys, watchesDrift = false, ...props }: AddServerProps,
): ServerLoad {
  const { models, memoryMb, gpuCount } = props;
  const budget = ['--memory-budget', `${memoryBudget(memoryMb)}M`];
  const reports = ['--report-seconds', String(reportSeconds)];
  const served = ['--models', models.uri, '--only', (models.modelNames ?? []).join(','), '--watch', '--no-prepare'];
  const open = corsOrigin ? ['--cors-origin', corsOrigin] : [];
  const keys = grpcKeys ? ['--grpc-api-keys', grpcKeys.uri] : [];
  grpcKeys?.grantRead(task.taskRole);
  const logGroup = addContainer(
    task,
    payloadKeys ? { ...props, secrets: { TENSORGATE_PAYLOAD_KEY: Secret.fromSecretsManager(payloadKeys) } } : props,
    {
      command: [...served, ...budget, ...reports, ...open, ...keys, ...options],
      health: ['node', '/app/containers/inference/health.js'],
      ...(models.signingKeys && { environment: { TENSORGATE_REQUIRE_SIGNATURE: models.signingKeys } }),
    },
  );
  if (models.signingKeys)
    acknowledge(task, { 'AwsSolutions-ECS2': 'The one variable is public keys, which are no secret' });
  if (watchesDrift) models.grantDrift(task.taskRole);
  return {
    ...(watchesDrift && { drift: driftMetric(task, 'Drift', logGroup, 'msg') }),
    queueMs: loadMetric(task, logGroup, 'QueueMs', '$.queueMs').with({ statistic: 'Average', label: 'queue (ms)' }),
    requests: loadMetric(task, logGroup, 'Requests', '$.requests').with({ statistic: 'Sum', label: 'inferences' }),
    gpu: gpuCount === undefined ? undefined : gpuMetrics(task, logGroup),
  };
}

function gpuMetrics(task: TaskDefinition, logGroup: LogGroup) {
  return {
    busy: loadMetric(task, logGroup, 'GpuPercent', '$.gpuPercent').with({ statistic: 'Average', label: 'busy (%)' }),
    memory: loadMetric(task, logGroup, 'GpuMemoryMb', '$.gpuMemoryMb').with({ statistic: 'Maximum', label: 'MB' }),
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
