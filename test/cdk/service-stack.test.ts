import { describe, expect, jest, test } from '@jest/globals';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import type { StageSettings } from '../../cdk/stage-settings.ts';
import { stages } from '../../cdk/stages.ts';
import { stackTags } from '../../src/adapters/gateway-keys/stack-tags.ts';
import { canaryRights } from './canary-rights.ts';
import { containers } from './containers.ts';
import { recordRights } from './record-rights.ts';
import { rights } from './rights.ts';
import { synthesize } from './synthesize.ts';

jest.setTimeout(60_000);

const { prod } = stages as { prod: StageSettings };
// Jobs that make models have a test of their own.
const { jobs: _, ...dev } = stages.dev as StageSettings;
const service = synthesize(dev).service;
const production = synthesize(prod, 'prod').service;

const ofData = [
  's3:GetObject DataBucket /results/*',
  's3:GetObject DataBucket /uploads/*',
  's3:PutObject DataBucket /results/*',
  's3:PutObject DataBucket /uploads/*',
];
const ofItself = [
  'logs:CreateLogStream FunctionLog',
  'logs:PutLogEvents FunctionLog',
  'xray:PutTelemetryRecords "*"',
  'xray:PutTraceSegments "*"',
];

describe('the function', () => {
  test('may read the models, exchange data, write its log, traces and records of calls, take canaries back, and nothing else', () => {
    const ofModels = [
      's3:GetObject ModelsBucket /*',
      's3:GetObjectVersion ModelsBucket /*',
      's3:ListBucket ModelsBucket',
    ];
    // IAM principals call it, of whom the repository has policies.
    const ofPolicies = [
      's3:GetObject ModelsBucket /.access/policies.json',
      's3:ListBucket ModelsBucket {"StringLikeIfExists":{"s3:prefix":[".access/policies.json"]}}',
    ];
    const { batch: _, ...without } = dev;
    expect(rights(synthesize(without).service, 'DefaultFunctionRole')).toEqual(
      [...ofData, ...ofItself, ...ofModels, ...ofPolicies, ...recordRights, ...canaryRights()].sort(),
    );
  });

  test('may besides use the key that encrypts them', () => {
    const ofKey = rights(production, 'DefaultFunctionRole').filter((right) => right.startsWith('kms:'));
    expect(ofKey).toEqual(['kms:Decrypt Key', 'kms:GenerateDataKey Key']);
  });

  test('has no policy of AWS, and its role is for Lambda alone', () => {
    service.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: { Statement: [Match.objectLike({ Principal: { Service: 'lambda.amazonaws.com' } })] },
      ManagedPolicyArns: Match.absent(),
    });
  });

  test('runs Node 24 with traces, JSON logs, and a log group that forgets', () => {
    service.hasResourceProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['x86_64'],
      MemorySize: 1769,
      EphemeralStorage: { Size: 2048 },
      Timeout: 900,
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: Match.stringLikeRegexp('DefaultFunctionLog') } },
      Environment: {
        Variables: {
          TENSORGATE_MODELS: Match.anyValue(),
          TENSORGATE_DATA: Match.anyValue(),
          TENSORGATE_INTRA_OP_THREADS: '1',
        },
      },
    });
    service.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 7 });
  });

  test.each([
    [128, '1'],
    [3537, '1'],
    [3538, '2'],
    [10_240, '5'],
  ])('with %i MB, ONNX Runtime gets %s threads', (memoryMb, threads) => {
    synthesize({ ...dev, endpoints: [{ name: 'Default', memoryMb }] }).service.hasResourceProperties(
      'AWS::Lambda::Function',
      {
        MemorySize: memoryMb,
        Environment: { Variables: Match.objectLike({ TENSORGATE_INTRA_OP_THREADS: threads }) },
      },
    );
  });

  test('names nothing physically, so that two deployments fit one account', () => {
    const text = JSON.stringify(service.toJSON());
    for (const name of [
      'FunctionName":"',
      'BucketName":"',
      'LogGroupName":"',
      'RoleName":"',
      'AlarmName":"',
      'DashboardName":"',
    ])
      expect(text).not.toContain(name);
  });
});

describe('endpoints', () => {
  const endpoints = [
    { name: 'Default' },
    {
      name: 'Fraud',
      models: ['fraud', 'fraud-v2'],
      pinnedModels: ['fraud'],
      provisionedConcurrency: 2,
      maxProvisionedConcurrency: 10,
    },
    {
      name: 'Batch',
      models: ['big'],
      reservedConcurrency: 3,
      memoryMb: 10_240,
      temporaryStorageMb: 10_240,
      timeoutSeconds: 20,
      warmUpMinutes: 5,
    },
  ];
  const { service: several } = synthesize({ ...dev, auth: 'iam', usagePlans: [], endpoints });

  test('get their models, and may read those alone', () => {
    several.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ TENSORGATE_SERVED: 'fraud,fraud-v2', TENSORGATE_PINNED: 'fraud' }) },
    });
    const read = rights(several, 'FraudFunctionRole').filter((right) => right.includes('ModelsBucket'));
    expect(read).toEqual(expect.arrayContaining(canaryRights('fraud', 'fraud-v2')));
    expect(read.filter((right) => !/\.audit|\.usage|\.canary|aliases\.json/.test(right))).toEqual([
      's3:GetObject ModelsBucket /.access/policies.json',
      's3:GetObject ModelsBucket /fraud-v2/*',
      's3:GetObject ModelsBucket /fraud/*',
      's3:GetObjectVersion ModelsBucket /fraud-v2/*',
      's3:GetObjectVersion ModelsBucket /fraud/*',
      's3:ListBucket ModelsBucket {"StringLikeIfExists":{"s3:prefix":[".access/policies.json"]}}',
      's3:ListBucket ModelsBucket {"StringLikeIfExists":{"s3:prefix":["fraud","fraud/*","fraud-v2","fraud-v2/*"]}}',
    ]);
  });

  test('get the requests for their models', () => {
    const resources = several.findResources('AWS::ApiGateway::Resource');
    const path = (id: string): string => {
      const { PathPart, ParentId } = resources[id]?.Properties ?? {};
      return PathPart ? `${ParentId.Ref ? path(ParentId.Ref) : ''}/${PathPart}` : '';
    };
    const routes = Object.values(several.findResources('AWS::ApiGateway::Method')).map(({ Properties }) => [
      path(Properties.ResourceId.Ref),
      /(\w+?)Function(Alias|[0-9A-F]{8})/.exec(JSON.stringify(Properties.Integration.Uri))?.[1],
    ]);
    expect(Object.fromEntries(routes)).toMatchObject({
      '/v2': 'Default',
      '/v2/{proxy+}': 'Default',
      '/v2/models': 'Default',
      '/v2/models/{model}': 'Default',
      '/v2/models/{model}/{proxy+}': 'Default',
      '/v2/models/fraud': 'Fraud',
      '/v2/models/fraud/{proxy+}': 'Fraud',
      '/v2/models/fraud-v2/{proxy+}': 'Fraud',
      '/v2/models/big/{proxy+}': 'Batch',
      '/v1/{proxy+}': 'Default',
      '/v1/predict': 'Default',
      '/v1/predict/{proxy+}': 'Default',
      '/v1/predict/fraud': 'Fraud',
      '/v1/explain/fraud-v2/{proxy+}': 'Fraud',
    });
  });

  test('keep environments started, or set them aside', () => {
    several.hasResourceProperties('AWS::Lambda::Alias', {
      ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 2 },
    });
    several.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', { MinCapacity: 2, MaxCapacity: 10 });
    several.hasResourceProperties('AWS::Lambda::Function', {
      ReservedConcurrentExecutions: 3,
      Environment: { Variables: Match.objectLike({ TENSORGATE_ANSWER_SECONDS: '20' }) },
    });
    several.hasResourceProperties('AWS::ApiGateway::Method', {
      Integration: Match.objectLike({ TimeoutInMillis: 20_000 }),
    });
  });

  test('kept started wait for their models as they start; the others do not', () => {
    const handlers = Object.entries(several.findResources('AWS::Lambda::Function')).map(([id, { Properties }]) => [
      /^(Default|Fraud|Batch)Function/.exec(id)?.[1],
      Properties.Handler,
    ]);
    expect(Object.fromEntries(handlers)).toMatchObject({
      Default: 'index.handler',
      Fraud: 'provisioned.handler',
      Batch: 'index.handler',
    });
  });

  test('are kept warm where the stage says so, by an event that is no request and is not repeated', () => {
    const schedules = (template: Template) =>
      Object.values(template.findResources('AWS::Events::Rule'))
        .map(({ Properties }) => Properties)
        .filter(({ ScheduleExpression }) => ScheduleExpression !== undefined);
    expect(schedules(several)).toMatchObject([
      {
        ScheduleExpression: 'rate(5 minutes)',
        Targets: [
          {
            Arn: { 'Fn::GetAtt': [expect.stringMatching(/^BatchFunction/), 'Arn'] },
            Input: '{"source":"tensorgate.warm-up"}',
            RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 },
          },
        ],
      },
    ]);
    expect(schedules(service)).toEqual([]);
  });

  test('of one architecture share a layer', () => {
    several.resourceCountIs('AWS::Lambda::LayerVersion', 1);
  });
});

test('a stage with keys of signatures gives them to all that loads models', () => {
  const key = `-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA${'A'.repeat(43)}=\n-----END PUBLIC KEY-----`;
  const { preparation: _, ...others } = dev;
  const signed = synthesize({
    ...others,
    endpoints: [...dev.endpoints, ...containers],
    signingKeys: [`${key}\n`],
  }).service;
  const given = Object.entries(signed.findResources('AWS::Lambda::Function'))
    .filter(([, { Properties }]) => Properties.Environment.Variables.TENSORGATE_MODELS)
    .map(([id, { Properties }]) => [
      id.replace(/Function.*/, ''),
      Properties.Environment.Variables.TENSORGATE_SIGNING_KEYS,
    ]);
  expect(Object.fromEntries(given)).toEqual({ Default: key, BatchPlan: key, BatchInfer: key });
  for (const { Properties } of Object.values(signed.findResources('AWS::ECS::TaskDefinition')))
    expect(Properties.ContainerDefinitions[0].Environment).toEqual([
      { Name: 'TENSORGATE_REQUIRE_SIGNATURE', Value: key },
    ]);
});

test('a stage with a secret of payload keys lets what answers requests read that one', () => {
  const payloadKeySecretArn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:payloads-AbCdEf';
  const { service: opened } = synthesize({ ...dev, endpoints: [...dev.endpoints, ...containers], payloadKeySecretArn });
  expect(rights(opened, 'DefaultFunctionRole').filter((right) => right.startsWith('secretsmanager:'))).toEqual([
    `secretsmanager:DescribeSecret "${payloadKeySecretArn}"`,
    `secretsmanager:GetSecretValue "${payloadKeySecretArn}"`,
  ]);
  expect(rights(opened, 'BatchInferRole').filter((right) => right.startsWith('secretsmanager:'))).toEqual([]);
  opened.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: Match.objectLike({ TENSORGATE_PAYLOAD_SECRET: payloadKeySecretArn }) },
  });
  for (const { Properties } of Object.values(opened.findResources('AWS::ECS::TaskDefinition')))
    expect(Properties.ContainerDefinitions[0].Secrets).toEqual([
      { Name: 'TENSORGATE_PAYLOAD_KEY', ValueFrom: payloadKeySecretArn },
    ]);
  // The network has no other way to it.
  opened.hasResourceProperties('AWS::EC2::VPCEndpoint', {
    ServiceName: Match.anyValue(),
    VpcEndpointType: 'Interface',
  });
  const names = Object.values(opened.findResources('AWS::EC2::VPCEndpoint')).map((each) => JSON.stringify(each));
  expect(names.filter((name) => name.includes('secretsmanager'))).toHaveLength(1);
});

describe('a stage that watches drift', () => {
  const { service: watching } = synthesize({
    ...dev,
    endpoints: [...dev.endpoints, ...containers],
    drift: { alarmPsi: 0.2 },
  });

  test('lets what answers requests keep it, of its own models, and nothing else write there', () => {
    const drift = (role: string) => rights(watching, role).filter((right) => right.includes('.drift'));
    expect(drift('DefaultFunctionRole')).toEqual([
      's3:GetObject ModelsBucket /.drift/*',
      's3:ListBucket ModelsBucket {"StringLikeIfExists":{"s3:prefix":[".drift/*"]}}',
      's3:PutObject ModelsBucket /.drift/*',
    ]);
    expect(drift('VisionTaskTaskRole').filter((right) => right.startsWith('s3:PutObject'))).toEqual([
      's3:PutObject ModelsBucket /.drift/bert/*',
      's3:PutObject ModelsBucket /.drift/resnet/*',
    ]);
    expect(drift('BatchInferRole')).toEqual([]);
    expect(rights(service, 'DefaultFunctionRole').filter((right) => right.includes('.drift'))).toEqual([]);
  });

  test('has an alarm for each of them, at the index that it says', () => {
    const alarms = Object.values(watching.findResources('AWS::CloudWatch::Alarm')).filter((alarm) =>
      JSON.stringify(alarm).includes('DriftPsi'),
    );
    expect(alarms.map(({ Properties }) => Properties.Threshold)).toEqual([0.2, 0.2, 0.2]);
    watching.hasResourceProperties('AWS::Logs::MetricFilter', {
      FilterPattern: '{ ($.message = "drift") && ($.psi >= 0) }',
      MetricTransformations: [Match.objectLike({ MetricName: 'DriftPsi', MetricValue: '$.psi' })],
    });
    watching.hasResourceProperties('AWS::Logs::MetricFilter', {
      FilterPattern: '{ ($.msg = "drift") && ($.psi >= 0) }',
    });
  });
});

describe('canaries', () => {
  const all = { ...dev, endpoints: [...dev.endpoints, ...containers], releaseSeconds: 5 };
  const { service: stopping } = synthesize(all);

  test('are taken back: hosts may write aliases, counts and a line of the audit log, and has an alarm', () => {
    expect(rights(stopping, 'DefaultFunctionRole')).toEqual(expect.arrayContaining(canaryRights()));
    expect(rights(stopping, 'VisionTaskTaskRole')).toEqual(expect.arrayContaining(canaryRights('resnet', 'bert')));
    // A job gets the alias's own version.
    expect(rights(stopping, 'BatchInferRole').filter((right) => /aliases|canary|changes/.test(right))).toEqual([]);
    const alarm = { MetricName: 'StoppedCanaries', Threshold: 1 };
    // Of the function, and of each server of ours in a container.
    stopping.resourcePropertiesCountIs('AWS::CloudWatch::Alarm', alarm, 3);
    stopping.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ TENSORGATE_RELEASE_SECONDS: '5' }) },
    });
  });

  test('stay as they are where the stage says so: nobody may write aliases, and nothing watches', () => {
    const { service: without } = synthesize({ ...all, stopCanaries: false });
    for (const role of ['DefaultFunctionRole', 'VisionTaskTaskRole'])
      expect(rights(without, role).filter((right) => /aliases|canary|changes/.test(right))).toEqual([]);
    without.resourcePropertiesCountIs('AWS::CloudWatch::Alarm', { MetricName: 'StoppedCanaries' }, 0);
  });
});

describe('alarms', () => {
  test('watch what callers notice, and what will make them', () => {
    const watched = Object.values(service.findResources('AWS::CloudWatch::Alarm')).map(
      ({ Properties }) => Properties.MetricName,
    );
    expect([...new Set(watched)].sort()).toEqual([
      '5XXError',
      'ApproximateNumberOfMessagesVisible',
      'Errors',
      'InitDurationMs',
      'Latency',
      'MaxMemoryUsedMB',
      'RefusedForms',
      'StoppedCanaries',
      'Throttles',
    ]);
  });

  test('watch each API by itself: CloudWatch knows them by name', () => {
    const names = Object.values(service.findResources('AWS::ApiGateway::RestApi')).map(
      ({ Properties }) => Properties.Name,
    );
    expect(names).toEqual(['TensorgateDevService-KeyApi', 'TensorgateDevService-SignedApi']);
    const alarms = Object.values(service.findResources('AWS::CloudWatch::Alarm'));
    const watched = alarms
      .flatMap(({ Properties }) => Properties.Dimensions ?? [])
      .filter(({ Name }) => Name === 'ApiName');
    expect(new Set(watched.map(({ Value }) => Value))).toEqual(new Set(names));
  });

  test('of starts and memory read the reports of Lambda', () => {
    service.hasResourceProperties('AWS::Logs::MetricFilter', {
      FilterPattern: '{ ($.type = "platform.report") && ($.record.metrics.initDurationMs >= 0) }',
      MetricTransformations: [Match.objectLike({ MetricValue: '$.record.metrics.initDurationMs' })],
    });
    service.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'MaxMemoryUsedMB', Threshold: 1592 });
  });

  test('of prepared forms read the line of a load', () => {
    service.hasResourceProperties('AWS::Logs::MetricFilter', {
      FilterPattern: '{ ($.message = "*") && ($.form = "refused") }',
      MetricTransformations: [Match.objectLike({ MetricName: 'RefusedForms', MetricValue: '1' })],
    });
  });

  test('are sent to a topic where there is one', () => {
    const alarmTopicArn = 'arn:aws:sns:eu-west-1:123456789012:alarms';
    synthesize({ ...dev, alarmTopicArn }).service.allResourcesProperties('AWS::CloudWatch::Alarm', {
      AlarmActions: [alarmTopicArn],
    });
  });

  test('stand on a dashboard, with the metrics of each model', () => {
    const [dashboard] = Object.values(service.findResources('AWS::CloudWatch::Dashboard'));
    const body = JSON.stringify(dashboard);
    for (const metric of ['InferenceMs', 'Loads', 'Disagreed', 'CanaryEvidence', 'InitDurationMs', 'MaxMemoryUsedMB'])
      expect(body).toContain(metric);
  });
});

test('plans and keys have the tags by which tensorgate keys knows them', () => {
  const tags = (type: string) =>
    Object.values(service.findResources(type)).map(({ Properties }) =>
      Object.fromEntries(Properties.Tags.map(({ Key, Value }: Record<string, string>) => [Key, Value])),
    );
  expect(tags('AWS::ApiGateway::UsagePlan')).toEqual([
    { [stackTags.stage]: 'dev', [stackTags.plan]: 'Standard', [stackTags.models]: expect.anything() },
  ]);
  expect(tags('AWS::ApiGateway::ApiKey')).toEqual([{ [stackTags.stage]: 'dev', [stackTags.key]: 'Default' }]);
});
