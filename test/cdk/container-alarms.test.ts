import { expect, jest, test } from '@jest/globals';
import type { StageSettings } from '../../cdk/stage-settings.ts';
import { stages } from '../../cdk/stages.ts';
import { containers } from './containers.ts';
import { synthesize } from './synthesize.ts';

jest.setTimeout(60_000);

const { dev } = stages as { dev: StageSettings };
const alarmTopicArn = 'arn:aws:sns:eu-west-1:123456789012:alarms';
const { service } = synthesize({
  ...dev,
  endpoints: [...dev.endpoints, ...containers],
  alarmTopicArn,
  latencyAlarmMs: 800,
});

/** The alarms of an endpoint: name → what it says. */
function alarmsOf(endpoint: string) {
  const found = Object.entries(service.findResources('AWS::CloudWatch::Alarm')).flatMap(([id, { Properties }]) => {
    const name = new RegExp(`^ContainerAlarms${endpoint}([A-Za-z]+)[0-9A-F]{8}$`).exec(id)?.[1];
    return name === undefined ? [] : [[name, Properties] as const];
  });
  return Object.fromEntries(found);
}

test.each(['Vision', 'Speech'])('each endpoint is watched by itself: %s', (endpoint) => {
  const alarms = alarmsOf(endpoint);
  const rows = Object.entries(alarms).map(([name, { Metrics, MetricName, Threshold, EvaluationPeriods }]) => [
    name,
    Metrics?.[0].Expression ?? Metrics?.[0].MetricStat.Metric.MetricName ?? MetricName,
    Threshold,
    EvaluationPeriods,
  ]);
  expect(rows).toEqual([
    ['ServerErrors', 'HTTPCode_Target_5XX_Count', 1, 1],
    ['Unanswered', 'HTTPCode_ELB_5XX_Count', 1, 1],
    // Seconds, where API Gateway's are milliseconds.
    ['Latency', 'TargetResponseTime', 0.8, 3],
    ['Unhealthy', 'UnHealthyHostCount', 1, 4],
    ['Missing', 'desired - running', 1, 4],
    ['Memory', 'MemoryUtilization', 90, 1],
    ['Queue', 'QueueMs', endpoint === 'Vision' ? 20 : 50, 6],
    ['Canary', 'StoppedCanaries', 1, 1],
  ]);
  for (const { AlarmActions, TreatMissingData } of Object.values(alarms))
    expect([AlarmActions, TreatMissingData]).toEqual([[alarmTopicArn], 'notBreaching']);
  // That of the endpoint, and of no other.
  const other = endpoint === 'Vision' ? 'ContainersSpeech' : 'ContainersVision';
  expect(JSON.stringify(alarms)).toContain(`Containers${endpoint}`);
  expect(JSON.stringify(alarms)).not.toContain(other);
});

test('containers that do not come up are told of by what ECS wants and has', () => {
  const { Metrics } = alarmsOf('Vision').Missing as { Metrics: Record<string, unknown>[] };
  expect(Metrics).toMatchObject([
    { Expression: 'desired - running' },
    { MetricStat: { Metric: { Namespace: 'ECS/ContainerInsights', MetricName: 'DesiredTaskCount' } } },
    { MetricStat: { Metric: { Namespace: 'ECS/ContainerInsights', MetricName: 'RunningTaskCount' } } },
  ]);
});

test('the dashboard has them, and what the containers use', () => {
  const body = JSON.stringify(service.findResources('AWS::CloudWatch::Dashboard'));
  for (const each of ['Vision: latency (s)', 'Speech: CPU and memory (%)', 'RunningTaskCount', 'ContainerAlarmsVision'])
    expect(body).toContain(each);
});
