import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Secret, type TaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { FilterPattern, type LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Duration, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { type AddContainerProps, addContainer } from './add-container.ts';
import { driftMetric } from './drift-metric.ts';
import { modelMb } from './model-room.ts';
import type { ServerChoices } from './server-choices.ts';
import { stoppedCanaries } from './stopped-canaries.ts';

export interface AddServerProps extends AddContainerProps, ServerChoices {
  /** Arguments of `serve` besides those that every server has. @default none */
  readonly options?: readonly string[] | undefined;
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
  /** Canaries that were worse than the stable version; undefined where it takes none back. */
  readonly stoppedCanaries?: Metric | undefined;
}

const reportSeconds = 60;

/** Adds `serve` to a task. Returns what its log tells each minute that it runs. */
export function addServer(task: TaskDefinition, { options = [], ...given }: AddServerProps): ServerLoad {
  const { policies, grpcKeys, corsOrigin, payloadKeys, records = {}, stopsCanaries, watchesDrift, ...props } = given;
  const { models, memoryMb, gpuCount } = props;
  const budget = ['--memory-budget', `${modelMb(memoryMb)}M`];
  const reports = ['--report-seconds', String(reportSeconds)];
  const served = ['--models', models.uri, '--only', (models.modelNames ?? []).join(','), '--watch', '--no-prepare'];
  const open = corsOrigin ? ['--cors-origin', corsOrigin] : [];
  const keys = grpcKeys ? ['--grpc-api-keys', grpcKeys.uri] : [];
  const callers = policies ? ['--gateway-policies', policies.uri] : [];
  const { calls = 'denied', bodies = 0 } = records;
  const kept = ['--usage', 'always', '--audit', calls, ...(bodies > 0 ? ['--audit-bodies', String(bodies)] : [])];
  for (const file of [policies, grpcKeys]) file?.grantRead(task.taskRole);
  models.grantRecords(task.taskRole);
  if (stopsCanaries) models.grantStopCanaries(task.taskRole);
  const logGroup = addContainer(
    task,
    payloadKeys ? { ...props, secrets: { TENSORGATE_PAYLOAD_KEY: Secret.fromSecretsManager(payloadKeys) } } : props,
    {
      command: [...served, ...budget, ...reports, ...kept, ...callers, ...open, ...keys, ...options],
      health: ['node', '/app/containers/inference/health.js'],
      ...(models.signingKeys && { environment: { TENSORGATE_REQUIRE_SIGNATURE: models.signingKeys } }),
    },
  );
  if (models.signingKeys)
    acknowledge(task, { 'AwsSolutions-ECS2': 'The one variable is public keys, which are no secret' });
  if (watchesDrift) models.grantDrift(task.taskRole);
  return {
    ...(stopsCanaries && { stoppedCanaries: stoppedCanaries(task, 'StoppedCanaries', logGroup, 'msg') }),
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
