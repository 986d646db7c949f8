import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Duration, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/**
 * How far the inputs and outputs of models have moved, as a host says in its log: the population stability index of the
 * feature that moved farthest, of any model.
 *
 * @param field of a line of the log that has the message
 */
export function driftMetric(scope: Construct, id: string, logGroup: ILogGroup, field: 'message' | 'msg'): Metric {
  return new MetricFilter(scope, id, {
    logGroup,
    metricName: 'DriftPsi',
    metricValue: '$.psi',
    metricNamespace: `Tensorgate/${Stack.of(scope).stackName}/${scope.node.path.split('/').slice(1).join('-')}`,
    filterPattern: FilterPattern.all(
      FilterPattern.stringValue(`$.${field}`, '=', 'drift'),
      FilterPattern.numberValue('$.psi', '>=', 0),
    ),
  }).metric({ statistic: 'Maximum', period: Duration.minutes(5), label: 'drift (PSI)' });
}
