import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Duration, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { InferenceFunction } from './inference-function.ts';

/**
 * Metrics that are read from a function's log: how long a start took and how much memory was used, which Lambda tells
 * in its reports and nowhere else, also of an environment that died before it could say anything; and prepared forms
 * that were refused.
 */
export class FunctionReports extends Construct {
  /** Milliseconds that the init phase of a new environment took. */
  readonly initDuration: Metric;
  /** Megabytes that an environment has used at most. */
  readonly memoryUsed: Metric;
  /** Loads that found a prepared form which is damaged, or answers something else than its model. */
  readonly refusedForms: Metric;

  constructor(scope: Construct, id: string, inference: InferenceFunction) {
    super(scope, id);
    const { stackName, node } = Stack.of(this);
    // By its path, since functions within constructs have the same ids.
    const namespace = `Tensorgate/${stackName}${inference.node.path.slice(node.path.length)}`;
    this.initDuration = this.#fromReports('InitDurationMs', 'initDurationMs', namespace, inference);
    this.memoryUsed = this.#fromReports('MaxMemoryUsedMB', 'maxMemoryUsedMB', namespace, inference);
    this.refusedForms = new MetricFilter(this, 'RefusedForms', {
      logGroup: inference.logGroup,
      metricName: 'RefusedForms',
      metricNamespace: namespace,
      metricValue: '1',
      // The metric of loads has a field of this name too, and no message.
      filterPattern: FilterPattern.all(
        FilterPattern.exists('$.message'),
        FilterPattern.stringValue('$.form', '=', 'refused'),
      ),
    }).metric({ statistic: 'Sum', period: Duration.minutes(5) });
  }

  #fromReports(metricName: string, field: string, metricNamespace: string, { logGroup }: InferenceFunction): Metric {
    const value = `$.record.metrics.${field}`;
    const filter = new MetricFilter(this, metricName, {
      logGroup,
      metricName,
      metricNamespace,
      metricValue: value,
      filterPattern: FilterPattern.all(
        FilterPattern.stringValue('$.type', '=', 'platform.report'),
        FilterPattern.numberValue(value, '>=', 0),
      ),
    });
    return filter.metric({ statistic: 'Maximum', period: Duration.minutes(5) });
  }
}
