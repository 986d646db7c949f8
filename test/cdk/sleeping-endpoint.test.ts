import { expect, jest, test } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import type { StageSettings } from '../../cdk/stage-settings.ts';
import { stages } from '../../cdk/stages.ts';
import { containers } from './containers.ts';
import { rights } from './rights.ts';
import { synthesize } from './synthesize.ts';

jest.setTimeout(60_000);

const { dev } = stages as { dev: StageSettings };
const endpoint = { ...containers[1], idleMinutes: 30 };
const { service } = synthesize({ ...dev, endpoints: [...dev.endpoints, endpoint] });

const alarms = Object.values(service.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);
const policies = service.findResources('AWS::ApplicationAutoScaling::ScalingPolicy');

/** What an alarm sets the number of containers to, and where the metric has to be of its threshold. */
function steps(alarm: Record<string, { Ref: string }[]>) {
  const [action] = alarm.AlarmActions ?? [];
  const { AdjustmentType, StepAdjustments } =
    policies[action?.Ref ?? '']?.Properties.StepScalingPolicyConfiguration ?? {};
  return { AdjustmentType, StepAdjustments };
}

test('has a container or none, and no deployment says which', () => {
  service.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', { MinCapacity: 0, MaxCapacity: 1 });
  service.hasResourceProperties('AWS::ECS::Service', { DesiredCount: Match.absent() });
});

test('one starts within a minute of a request that the load balancer had none for, by HTTP or gRPC', () => {
  const asked = alarms.find(({ MetricName }) => MetricName === 'HTTPCode_ELB_503_Count');
  expect(asked).toMatchObject({ Period: 60, EvaluationPeriods: 1, Threshold: 1, Statistic: 'Sum' });
  // Of the load balancer, not of a group of targets: there is none to count for.
  expect(asked?.Dimensions.map(({ Name }: { Name: string }) => Name)).toEqual(['LoadBalancer']);
  expect(steps(asked ?? {})).toEqual({
    AdjustmentType: 'ExactCapacity',
    StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }],
  });
});

test('it ends after so many minutes in a row in which it told that nobody asked', () => {
  const idle = alarms.find(
    ({ AlarmDescription }) => AlarmDescription === 'Nobody asked for 30 minutes: the container ends',
  );
  expect(idle).toMatchObject({
    EvaluationPeriods: 30,
    Threshold: 1,
    ComparisonOperator: 'LessThanThreshold',
    // What does not run tells nothing, and is not to be ended while it starts.
    TreatMissingData: 'notBreaching',
    Metrics: [{ MetricStat: { Metric: { MetricName: 'Requests' }, Period: 60, Stat: 'Sum' } }],
  });
  expect(steps(idle ?? {})).toEqual({
    AdjustmentType: 'ExactCapacity',
    StepAdjustments: [{ MetricIntervalUpperBound: 0, ScalingAdjustment: 0 }],
  });
  service.hasResourceProperties('AWS::Logs::MetricFilter', {
    FilterPattern: '{ $.msg = "load" }',
    MetricTransformations: [Match.objectLike({ MetricName: 'Requests', MetricValue: '$.requests' })],
  });
});

test('the API asks it by a function in the network, which may do nothing but join that and write its log', () => {
  const paths = Object.values(service.findResources('AWS::ApiGateway::Method'))
    .map(({ Properties }) => Properties.Integration)
    .filter((integration) => JSON.stringify(integration).includes('ContainersSpeechDoor'));
  // Seven paths of /v2, two of which stream, and four of /v1, for keys and for signatures.
  expect(paths).toHaveLength(22);
  expect(paths.filter(({ ResponseTransferMode }) => ResponseTransferMode === 'STREAM')).toHaveLength(12);
  expect(paths.every(({ Type }) => Type === 'AWS_PROXY')).toBe(true);
  expect(JSON.stringify(service.findResources('AWS::ApiGateway::Method'))).not.toContain('HTTP_PROXY');
  service.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: Match.objectLike({ TENSORGATE_ENDPOINT: 'speech.example.com' }) },
    VpcConfig: { SecurityGroupIds: [{ 'Fn::GetAtt': [Match.stringLikeRegexp('LinkGroup'), 'GroupId'] }] },
  });
  expect(rights(service, 'ContainersSpeechDoorRole').map((right) => right.split(' ')[0])).toEqual([
    'ec2:AssignPrivateIpAddresses',
    'ec2:CreateNetworkInterface',
    'ec2:DeleteNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:UnassignPrivateIpAddresses',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
    'xray:PutTelemetryRecords',
    'xray:PutTraceSegments',
  ]);
});

test('that nobody answered is no alarm of its own: it is how one is woken', () => {
  expect(alarms.some(({ AlarmDescription }) => AlarmDescription.startsWith('The load balancer had no container'))).toBe(
    false,
  );
});

test('refuses so that pages of the origin can read it which the stage names', () => {
  const open = synthesize({ ...dev, corsOrigin: '*', endpoints: [...dev.endpoints, endpoint] });
  open.service.hasResourceProperties('AWS::Lambda::Function', {
    Environment: {
      Variables: Match.objectLike({ TENSORGATE_ENDPOINT: 'speech.example.com', TENSORGATE_CORS_ORIGIN: '*' }),
    },
  });
});
