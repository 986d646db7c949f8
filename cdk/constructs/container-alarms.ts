import { type Alarm, type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { HttpCodeElb, HttpCodeTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { addAlarm } from './add-alarm.ts';
import type { ServerLoad } from './add-server.ts';
import type { BalancedEndpoint } from './balanced-endpoint.ts';
import type { InferenceService } from './inference-service.ts';

export interface ContainerAlarmsProps {
  /** The endpoints to watch. */
  readonly endpoints: readonly BalancedEndpoint[];
  /** Topic that alarms are sent to. @default none: they show on the dashboard */
  readonly topic?: ITopic | undefined;
  /** Population stability index from which on inputs or outputs of a model have moved too far. @default nobody looks */
  readonly driftPsi?: number | undefined;
  /** Time that 99 of 100 answers should take at most. @default 5 seconds */
  readonly latency?: Duration | undefined;
}

/** What is measured of an endpoint in containers. */
export interface EndpointMetrics {
  /** Answers with 5xx of the containers, and of the load balancer itself, which gives them where no container does. */
  readonly serverErrors: IMetric;
  readonly unanswered: IMetric;
  /** Seconds from a request until its answer begins. */
  readonly latency: Metric;
  /** Milliseconds that requests waited for a run; undefined where a server does not tell. */
  readonly queueMs: Metric | undefined;
  readonly requests: IMetric;
  /** Of its GPU; undefined where it has none, or a server does not tell. */
  readonly gpu: ServerLoad['gpu'];
  readonly unhealthy: IMetric;
  readonly desired: IMetric;
  readonly running: IMetric;
  /** Hundredths of what a container has. */
  readonly cpu: IMetric;
  readonly memory: IMetric;
}

const period = Duration.minutes(5);
/** Periods in which a container may load its models, and one more. */
const loadPeriods = 4;

/** Alarms for endpoints in containers. `docs/operations.md` says what to do at each. */
export class ContainerAlarms extends Construct {
  readonly alarms: Alarm[] = [];
  readonly metrics = new Map<BalancedEndpoint, EndpointMetrics>();
  readonly #topic: ITopic | undefined;

  constructor(scope: Construct, id: string, { endpoints, topic, latency, driftPsi }: ContainerAlarmsProps) {
    super(scope, id);
    this.#topic = topic;
    for (const endpoint of endpoints) {
      const metrics = metricsOf(endpoint.serving);
      this.metrics.set(endpoint, metrics);
      this.#watchAnswers(endpoint, metrics, latency ?? Duration.seconds(5));
      this.#watchContainers(endpoint.node.id, metrics, endpoint.serving.queueTargetMs);
      const drift = endpoint.serving.load?.drift;
      const moved = 'Inputs or outputs of a model are spread otherwise than its baseline';
      if (drift && driftPsi !== undefined) this.#add(`${endpoint.node.id}Drift`, moved, drift, driftPsi);
      const canaries = endpoint.serving.load?.stoppedCanaries;
      const worse = 'A canary was worse than the stable version, and was taken back';
      if (canaries) this.#add(`${endpoint.node.id}Canary`, worse, canaries, 1);
    }
  }

  #watchAnswers({ node: { id: name }, serving }: BalancedEndpoint, metrics: EndpointMetrics, latency: Duration): void {
    this.#add(`${name}ServerErrors`, 'A container answered 5xx', metrics.serverErrors, 1);
    // One that sleeps is woken by that.
    if (!serving.sleeps)
      this.#add(`${name}Unanswered`, 'The load balancer had no container that answered', metrics.unanswered, 1);
    const slow = `One answer in 100 took over ${latency.toSeconds({ integral: false })} s, for 15 minutes`;
    this.#add(`${name}Latency`, slow, metrics.latency, latency.toSeconds({ integral: false }), 3);
  }

  #watchContainers(name: string, metrics: EndpointMetrics, queueTargetMs: number): void {
    const { unhealthy, desired, running, queueMs } = metrics;
    this.#add(`${name}Unhealthy`, 'A container was not ready, for 20 minutes', unhealthy, 1, loadPeriods);
    const missing = new MathExpression({
      expression: 'desired - running',
      usingMetrics: { desired, running },
      label: 'missing',
      period,
    });
    this.#add(`${name}Missing`, 'Fewer containers ran than there should be, for 20 minutes', missing, 1, loadPeriods);
    this.#add(`${name}Memory`, 'A container used over 90 % of its memory', metrics.memory, 90);
    if (!queueMs) return;
    const waited = `Requests waited ${queueTargetMs} ms or more for a run, on average, for 30 minutes`;
    this.#add(`${name}Queue`, waited, queueMs.with({ period }), queueTargetMs, 6);
  }

  #add(id: string, alarmDescription: string, metric: IMetric, threshold: number, evaluationPeriods = 1): void {
    this.alarms.push(
      addAlarm(this, id, { alarmDescription, metric, threshold, evaluationPeriods, topic: this.#topic }),
    );
  }
}

function metricsOf({ service, balancer, load }: InferenceService): EndpointMetrics {
  const { targets, balancer: front } = balancer;
  const dimensionsMap = { ClusterName: service.cluster.clusterName, ServiceName: service.serviceName };
  const tasks = (metricName: string, label: string) =>
    new Metric({ namespace: 'ECS/ContainerInsights', metricName, dimensionsMap, statistic: 'Average', period, label });
  return {
    serverErrors: front.metrics.httpCodeTarget(HttpCodeTarget.TARGET_5XX_COUNT, { period, label: '5xx' }),
    unanswered: front.metrics.httpCodeElb(HttpCodeElb.ELB_5XX_COUNT, { period, label: 'no answer' }),
    latency: targets.metrics.targetResponseTime({ statistic: 'p99', period, label: 'p99' }) as Metric,
    queueMs: load?.queueMs,
    gpu: load?.gpu,
    requests: load?.requests ?? targets.metrics.requestCount({ period, label: 'requests' }),
    unhealthy: targets.metrics.unhealthyHostCount({ statistic: 'Maximum', period, label: 'not ready' }),
    desired: tasks('DesiredTaskCount', 'desired'),
    running: tasks('RunningTaskCount', 'running'),
    cpu: service.metricCpuUtilization({ period, label: 'CPU' }),
    memory: service.metricMemoryUtilization({ statistic: 'Maximum', period, label: 'memory' }),
  };
}
