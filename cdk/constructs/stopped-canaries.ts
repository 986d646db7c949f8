import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Duration, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/**
 * How many canaries hosts found to be worse than the stable version, as their log tells.
 *
 * @param field of a line of the log that has the message
 */
export function stoppedCanaries(scope: Construct, id: string, logGroup: ILogGroup, field: 'message' | 'msg'): Metric {
  return new MetricFilter(scope, id, {
    logGroup,
    metricName: 'StoppedCanaries',
    metricValue: '1',
    metricNamespace: `Tensorgate/${Stack.of(scope).stackName}/${scope.node.path.split('/').slice(1).join('-')}/${id}`,
    filterPattern: FilterPattern.stringValue(
      `$.${field}`,
      '=',
      'a canary is worse than the stable version, and gets no more calls',
    ),
  }).metric({ statistic: 'Sum', period: Duration.minutes(5) });
}
