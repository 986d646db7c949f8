import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

export interface AddAlarmProps {
  /** What has happened where it goes off. */
  readonly alarmDescription: string;
  readonly metric: IMetric;
  /** It goes off at this, or more. */
  readonly threshold: number;
  /** How many periods of the metric in a row. @default 1 */
  readonly evaluationPeriods?: number | undefined;
  /** Topic that it is sent to. @default none: it shows on the dashboard */
  readonly topic?: ITopic | undefined;
}

/** Adds an alarm as each of ours is: nothing to measure is no alarm. */
export function addAlarm(
  scope: Construct,
  id: string,
  { topic, evaluationPeriods = 1, ...props }: AddAlarmProps,
): Alarm {
  const alarm = new Alarm(scope, id, {
    ...props,
    evaluationPeriods,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  if (topic) alarm.addAlarmAction(new SnsAction(topic));
  return alarm;
}
