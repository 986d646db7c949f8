import { expect, jest, test } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import type { StageSettings } from '../../cdk/stage-settings.ts';
import { stages } from '../../cdk/stages.ts';
import { triton } from './containers.ts';
import { rights } from './rights.ts';
import { synthesize } from './synthesize.ts';

jest.setTimeout(60_000);

const { dev } = stages as { dev: StageSettings };
const { service } = synthesize({ ...dev, endpoints: [...dev.endpoints, triton] });
const [task] = Object.values(service.findResources('AWS::ECS::TaskDefinition'));
const [container] = task?.Properties.ContainerDefinitions ?? [];

test('Triton loads its models from the bucket, on the ports that our server has', () => {
  const [program, repository, ...options] = container.Command;
  expect([program, JSON.stringify(repository)]).toEqual([
    'tritonserver',
    expect.stringMatching(/^{"Fn::Join":\["",\["--model-repository=s3:\/\/",.*ModelsBucket/),
  ]);
  expect(options).toEqual([
    '--model-control-mode=explicit',
    '--load-model=llm',
    '--load-model=trt',
    '--http-port=8080',
    '--grpc-port=8001',
    '--exit-timeout-secs=25',
  ]);
  service.resourcePropertiesCountIs(
    'AWS::ElasticLoadBalancingV2::TargetGroup',
    { HealthCheckPath: '/v2/health/ready', Port: 8080 },
    1,
  );
  // It opens its ports once its models are loaded, and answers 12 from then on: it does not know the method.
  service.resourcePropertiesCountIs(
    'AWS::ElasticLoadBalancingV2::TargetGroup',
    { HealthCheckPath: '/tensorgate.Readiness/Check', Matcher: { GrpcCode: '0,12' }, Port: 8001 },
    1,
  );
});

test('it writes to no disk but /tmp, and asks S3 where it runs', () => {
  expect(container).toMatchObject({
    ReadonlyRootFilesystem: true,
    MountPoints: [{ ContainerPath: '/tmp' }],
    Environment: [{ Name: 'AWS_DEFAULT_REGION', Value: { Ref: 'AWS::Region' } }],
    HealthCheck: { Command: ['CMD', 'python3', '-c', expect.stringContaining('127.0.0.1:8080/v2/health/live')] },
    ResourceRequirements: [{ Type: 'GPU', Value: '1' }],
  });
});

test('it may read its own models and its own image', () => {
  const read = rights(service, 'LanguageTaskTaskRole').filter((right) => right.startsWith('s3:GetObject '));
  expect(read).toEqual(['s3:GetObject ModelsBucket /llm/*', 's3:GetObject ModelsBucket /trt/*']);
  const pulled = rights(service, 'LanguageTaskExecutionRole').filter((right) => right.startsWith('ecr:BatchGetImage'));
  expect(pulled).toEqual([expect.stringContaining('ecr:eu-west-1:123456789012:repository/tritonserver')]);
});

test('it has a fixed number of containers, and no alarm that reads a log of ours', () => {
  service.hasResourceProperties('AWS::ECS::Service', { DesiredCount: 2 });
  service.resourceCountIs('AWS::ApplicationAutoScaling::ScalableTarget', 0);
  const alarms = JSON.stringify(service.findResources('AWS::CloudWatch::Alarm'));
  expect(alarms).toContain('ContainersLanguageServing');
  expect(alarms).not.toContain('QueueMs');
});

test('the API has its models behind the same keys and signatures', () => {
  service.hasResourceProperties('AWS::ApiGateway::Method', {
    ApiKeyRequired: true,
    Integration: Match.objectLike({ Uri: 'https://language.example.com/v2/models/llm/{proxy}' }),
  });
});

test('nothing at /v1 goes to it, where it would know none of the paths', () => {
  expect(JSON.stringify(service.findResources('AWS::ApiGateway::Method'))).not.toContain('language.example.com/v1');
});
