import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  MathExpression,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Duration, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { BatchInference } from './batch-inference.ts';
import type { ContainerAlarms, EndpointMetrics } from './container-alarms.ts';
import type { InferenceAlarms } from './inference-alarms.ts';
import type { InferenceApi } from './inference-api.ts';
import type { InferenceFunction } from './inference-function.ts';
import type { ModelJobs } from './model-jobs.ts';
import type { ModelPreparation } from './model-preparation.ts';
import type { ServiceParts } from './service-parts.ts';

export interface InferenceDashboardProps extends ServiceParts {
  /** The alarms to show, with the metrics that they made. */
  readonly alarms: InferenceAlarms;
  /** Those of endpoints in containers, with what they measure. @default none */
  readonly containerAlarms?: ContainerAlarms | undefined;
}

/** One page: alarms, what callers see, what each model does, what the functions use. */
export class InferenceDashboard extends Construct {
  readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, props: InferenceDashboardProps) {
    super(scope, id);
    this.dashboard = new Dashboard(this, 'Dashboard', { defaultInterval: Duration.hours(3) });
    const { containerAlarms } = props;
    const alarms = [...props.alarms.alarms, ...(containerAlarms?.alarms ?? [])];
    this.dashboard.addWidgets(new AlarmStatusWidget({ alarms, width: 24, title: 'Alarms' }));
    for (const api of props.apis) this.dashboard.addWidgets(...apiRow(api));
    this.dashboard.addWidgets(
      byModel('Inference (p99), ms, by model and version', ['InferenceMs', 'p99'], Stack.of(this)),
      byModel('Inferences by model and version', ['InferenceMs', 'SampleCount'], Stack.of(this)),
      byModel('Loads by model, version and form', ['Loads', 'Sum'], Stack.of(this)),
      byModel('On trial: answers compared, and those that differ', ['Compared', 'Sum'], Stack.of(this), 'Disagreed'),
      byModel('On trial: largest difference', ['Difference', 'Maximum'], Stack.of(this)),
      byModel('Canaries: percent of the calls', ['CanaryPercent', 'Maximum'], Stack.of(this)),
      byModel('Canaries: evidence against them (1: taken back)', ['CanaryEvidence', 'Maximum'], Stack.of(this)),
    );
    for (const inference of props.functions) this.dashboard.addWidgets(...functionRow(inference, props.alarms));
    for (const [{ node }, metrics] of containerAlarms?.metrics ?? [])
      this.dashboard.addWidgets(...endpointRow(node.id, metrics));
    if (props.batch) this.dashboard.addWidgets(...batchRow(props.batch, props.alarms));
    if (props.jobs) this.dashboard.addWidgets(...jobsRow(props.jobs, props.alarms));
    for (const each of props.preparations ?? []) this.dashboard.addWidgets(...preparationRow(each, props.alarms));
  }
}

function apiRow({ api, node }: InferenceApi): IWidget[] {
  return [
    graph(`${node.id}: requests and errors`, [
      api.metricCount({ label: 'requests' }),
      api.metricClientError({ label: '4xx' }),
      api.metricServerError({ label: '5xx' }),
    ]),
    graph(`${node.id}: latency (ms)`, [
      api.metricLatency({ statistic: 'p50', label: 'p50' }),
      api.metricLatency({ statistic: 'p99', label: 'p99' }),
      api.metricIntegrationLatency({ statistic: 'p99', label: 'p99 of the function' }),
    ]),
  ];
}

function functionRow(inference: InferenceFunction, alarms: InferenceAlarms): IWidget[] {
  const { node, function: metrics } = inference;
  const reports = alarms.reports.get(inference);
  return [
    graph(`${node.id}: errors and throttles`, [metrics.metricErrors(), metrics.metricThrottles()]),
    graph(`${node.id}: environments at once`, [metrics.metric('ConcurrentExecutions', { statistic: 'Maximum' })]),
    ...(reports
      ? [
          graph(`${node.id}: start (ms)`, [reports.initDuration]),
          graph(`${node.id}: memory (MB)`, [reports.memoryUsed]),
        ]
      : []),
  ];
}

function endpointRow(name: string, metrics: EndpointMetrics): IWidget[] {
  return [
    graph(`${name}: inferences and errors`, [metrics.requests, metrics.serverErrors, metrics.unanswered]),
    graph(`${name}: latency (s)`, [metrics.latency.with({ statistic: 'p50', label: 'p50' }), metrics.latency]),
    ...(metrics.queueMs ? [graph(`${name}: waiting for a run (ms)`, [metrics.queueMs])] : []),
    graph(`${name}: containers`, [metrics.desired, metrics.running, metrics.unhealthy]),
    graph(`${name}: CPU and memory (%)`, [metrics.cpu, metrics.memory]),
    ...(metrics.gpu
      ? [graph(`${name}: GPU (%)`, [metrics.gpu.busy]), graph(`${name}: memory of the GPU (MB)`, [metrics.gpu.memory])]
      : []),
  ];
}

function jobsGraph(
  title: string,
  { stateMachine, deadLetters }: Pick<ModelJobs | BatchInference, 'stateMachine' | 'deadLetters'>,
): IWidget {
  return graph(title, [
    stateMachine.metricStarted({ label: 'started' }),
    stateMachine.metricSucceeded({ label: 'ended' }),
    stateMachine.metricFailed({ label: 'not done' }),
    deadLetters.metricApproximateNumberOfMessagesVisible({ label: 'dead letters' }),
  ]);
}

function jobsRow(jobs: ModelJobs, alarms: InferenceAlarms): IWidget[] {
  const { run } = jobs;
  const memory = alarms.reports.get(run)?.memoryUsed;
  return [
    jobsGraph('Jobs that make models', jobs),
    graph('Jobs: the longest in a function (ms), its memory (MB)', [
      run.function.metricDuration({ statistic: 'Maximum', label: 'longest' }),
      ...(memory ? [memory] : []),
    ]),
  ];
}

function batchRow(batch: BatchInference, alarms: InferenceAlarms): IWidget[] {
  const { infer, records } = batch;
  const workers = infer.function;
  const memory = alarms.reports.get(infer)?.memoryUsed;
  return [
    jobsGraph('Batch: jobs', batch),
    graph('Batch: records', [records.answered, records.failed]),
    graph('Batch: workers at once, tries that failed', [
      workers.metric('ConcurrentExecutions', { statistic: 'Maximum', label: 'at once' }),
      workers.metricErrors({ label: 'failed' }),
      workers.metricThrottles({ label: 'throttled' }),
    ]),
    graph('Batch: a shard (ms), memory of a worker (MB)', [
      workers.metricDuration({ statistic: 'Maximum', label: 'longest' }),
      ...(memory ? [memory] : []),
    ]),
  ];
}

function preparationRow(preparation: ModelPreparation, alarms: InferenceAlarms): IWidget[] {
  const { node, outcomes, deadLetters, function: preparing } = preparation;
  const { function: metrics } = preparing;
  const memory = alarms.reports.get(preparing)?.memoryUsed;
  return [
    graph(`${node.id}: versions`, [
      ...outcomes,
      deadLetters.metricApproximateNumberOfMessagesVisible({ label: 'dead letters' }),
    ]),
    graph(`${node.id}: longest (ms), memory (MB)`, [
      metrics.metricDuration({ statistic: 'Maximum', label: 'longest' }),
      ...(memory ? [memory] : []),
    ]),
  ];
}

/** Found by a search, because models come without a deployment. */
function byModel(
  title: string,
  [metricName, statistic]: readonly [string, string],
  { stackName }: Stack,
  ...more: readonly string[]
): IWidget {
  const search = (name: string) =>
    `SEARCH('Namespace="Tensorgate" MetricName="${name}" service="${stackName}"', '${statistic}', 300)`;
  const period = Duration.minutes(5);
  return graph(
    title,
    [metricName, ...more].map(
      (name) =>
        new MathExpression({ expression: search(name), usingMetrics: {}, label: more.length > 0 ? name : '', period }),
    ),
  );
}

function graph(title: string, left: IMetric[]): IWidget {
  return new GraphWidget({ title, left, width: 6, height: 6, leftYAxis: { min: 0 } });
}
