import type { Alarm, IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { addAlarm } from './add-alarm.ts';
import type { BatchInference } from './batch-inference.ts';
import { driftMetric } from './drift-metric.ts';
import { FunctionReports } from './function-reports.ts';
import type { InferenceApi } from './inference-api.ts';
import type { InferenceFunction } from './inference-function.ts';
import type { ModelJobs } from './model-jobs.ts';
import type { ModelPreparation } from './model-preparation.ts';
import type { RefusalRecords } from './refusal-records.ts';
import type { ServiceParts } from './service-parts.ts';
import { stoppedCanaries } from './stopped-canaries.ts';

export interface InferenceAlarmsProps extends ServiceParts {
  /** What writes down whom API Gateway refused, to watch. @default none */
  readonly refusals?: RefusalRecords | undefined;
  /** Population stability index from which on inputs or outputs of a model have moved too far. @default nobody looks */
  readonly driftPsi?: number | undefined;
  /** Whether functions take canaries back. @default false */
  readonly stopCanaries?: boolean | undefined;
  /** Topic that alarms are sent to. @default none: they show on the dashboard */
  readonly topic?: ITopic | undefined;
  /** Time that 99 of 100 answers should take at most. @default 5 seconds */
  readonly latency?: Duration | undefined;
  /**
   * Time that a new environment's init phase should take at most. Lambda starts it over at 10 seconds. @default 8
   * seconds
   */
  readonly coldStart?: Duration | undefined;
}

/** Alarms for what callers notice, and for what will make them notice. `docs/operations.md` says what to do at each. */
export class InferenceAlarms extends Construct {
  readonly alarms: Alarm[] = [];
  readonly reports = new Map<InferenceFunction, FunctionReports>();
  readonly #topic: ITopic | undefined;

  constructor(scope: Construct, id: string, props: InferenceAlarmsProps) {
    super(scope, id);
    this.#topic = props.topic;
    for (const api of props.apis) this.#watchApi(api, props.latency ?? Duration.seconds(5));
    for (const inference of props.functions) this.#watchFunction(inference, props.coldStart ?? Duration.seconds(8));
    if (props.driftPsi !== undefined)
      for (const inference of props.functions) this.#watchDrift(inference, props.driftPsi);
    if (props.stopCanaries) for (const inference of props.functions) this.#watchCanaries(inference);
    if (props.batch) this.#watchBatch(props.batch);
    if (props.jobs) this.#watchJobs(props.jobs);
    for (const preparation of props.preparations ?? []) this.#watchPreparation(preparation);
    if (props.refusals) this.#watchRefusals(props.refusals);
  }

  #watchDrift({ node: { id: name }, logGroup }: InferenceFunction, psi: number): void {
    const metric = driftMetric(this, `${name}DriftMetric`, logGroup, 'message');
    this.#add(`${name}Drift`, 'Inputs or outputs of a model are spread otherwise than its baseline', metric, psi);
  }

  #watchCanaries({ node: { id: name }, logGroup }: InferenceFunction): void {
    const metric = stoppedCanaries(this, `${name}StoppedCanaries`, logGroup, 'message');
    this.#add(`${name}Canary`, 'A canary was worse than the stable version, and was taken back', metric, 1);
  }

  #watchRefusals({ deadLetters }: RefusalRecords): void {
    const messages = deadLetters.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' });
    this.#add('RefusalsDeadLetters', 'Calls that API Gateway refused are missing from the audit log', messages, 1);
  }

  /** A model that was not prepared serves all the same, so what fails once, and is tried again, is no matter. */
  #watchPreparation({ deadLetters, function: preparing, node }: ModelPreparation): void {
    const messages = deadLetters.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' });
    this.#add(`${node.id}DeadLetters`, 'A version could not be prepared, after all tries', messages, 1);
    this.#watchMemory(`${node.id}Memory`, preparing, this.#reportsOf(preparing, `${node.id}Reports`));
  }

  /** Steps that fail are tried again: only what nobody did in the end is told of, and what will make steps fail. */
  #watchBatch({ deadLetters, infer }: BatchInference): void {
    const messages = deadLetters.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' });
    this.#add('BatchDeadLetters', 'A batch job could not be done, or not all of it', messages, 1);
    this.#watchMemory('BatchMemory', infer, this.#reportsOf(infer, 'BatchReports'));
  }

  #watchJobs({ deadLetters, run }: ModelJobs): void {
    const messages = deadLetters.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' });
    this.#add('JobsDeadLetters', 'A job that was to make a model was ended, or could not be begun', messages, 1);
    this.#watchMemory('JobsMemory', run, this.#reportsOf(run, 'JobsReports'));
  }

  #reportsOf(inference: InferenceFunction, id: string): FunctionReports {
    const reports = new FunctionReports(this, id, inference);
    this.reports.set(inference, reports);
    return reports;
  }

  #watchMemory(id: string, { memorySize }: InferenceFunction, { memoryUsed }: FunctionReports): void {
    const description = `An environment used over 90 % of its ${memorySize} MB`;
    this.#add(id, description, memoryUsed, Math.floor(memorySize * 0.9));
  }

  #watchApi({ api, node }: InferenceApi, latency: Duration): void {
    const period = Duration.minutes(5);
    this.#add(`${node.id}ServerErrors`, 'Callers got 5xx', api.metricServerError({ statistic: 'Sum', period }), 1);
    this.#add(
      `${node.id}Latency`,
      `One answer in 100 took over ${latency.toSeconds({ integral: false })} s, for 15 minutes`,
      api.metricLatency({ statistic: 'p99', period }),
      latency.toMilliseconds(),
      3,
    );
  }

  #watchFunction(inference: InferenceFunction, coldStart: Duration): void {
    const { node } = inference;
    const metrics = inference.function;
    const period = Duration.minutes(5);
    const reports = this.#reportsOf(inference, `${node.id}Reports`);
    this.#add(`${node.id}Errors`, 'The function failed or timed out', metrics.metricErrors({ period }), 1);
    this.#add(`${node.id}Throttles`, 'Calls met no free environment', metrics.metricThrottles({ period }), 1);
    this.#add(
      `${node.id}ColdStart`,
      `An environment took over ${coldStart.toSeconds({ integral: false })} s to start`,
      reports.initDuration,
      coldStart.toMilliseconds(),
    );
    this.#watchMemory(`${node.id}Memory`, inference, reports);
    const refused =
      'A prepared form was damaged, or answered something else than its model, which serves as it was stored';
    this.#add(`${node.id}RefusedForms`, refused, reports.refusedForms, 1);
  }

  #add(id: string, alarmDescription: string, metric: IMetric, threshold: number, evaluationPeriods = 1): void {
    this.alarms.push(
      addAlarm(this, id, { alarmDescription, metric, threshold, evaluationPeriods, topic: this.#topic }),
    );
  }
}
