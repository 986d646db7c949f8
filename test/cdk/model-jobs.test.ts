import { describe, expect, jest, test } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import type { StageSettings } from '../../cdk/stage-settings.ts';
import { stages } from '../../cdk/stages.ts';
import { containers } from './containers.ts';
import { recordRights } from './record-rights.ts';
import { rights } from './rights.ts';
import { synthesize } from './synthesize.ts';

jest.setTimeout(60_000);

const { dev } = stages as { dev: StageSettings };
// With all that jobs may have; dev has those in functions alone.
const { service } = synthesize({
  ...dev,
  jobs: { memoryMb: 8845, containerMemoryMb: 30_720, convertMemoryMb: 16_384 },
});

const machines = service.findResources('AWS::StepFunctions::StateMachine');
const [, machine] = Object.entries(machines).find(([id]) => id.startsWith('Jobs')) ?? [];
const parts: (string | object)[] = machine?.Properties.DefinitionString['Fn::Join'][1];
const { States: states } = JSON.parse(parts.map((part) => (typeof part === 'string' ? part : 'reference')).join(''));

const logs = (step: string) => [`logs:CreateLogStream Jobs${step}Log`, `logs:PutLogEvents Jobs${step}Log`];
const traces = ['xray:PutTelemetryRecords "*"', 'xray:PutTraceSegments "*"'];
const data = (read: readonly string[], write: readonly string[]) => [
  ...[...read, ...write].flatMap((prefix) => [
    `s3:GetObject DataBucket /${prefix}/*`,
    `s3:GetObjectVersion DataBucket /${prefix}/*`,
  ]),
  ...write.flatMap((prefix) => [
    `s3:PutObject DataBucket /${prefix}/*`,
    `s3:AbortMultipartUpload DataBucket /${prefix}/*`,
  ]),
  `s3:ListBucket DataBucket ${JSON.stringify({ StringLikeIfExists: { 's3:prefix': [...read, ...write].map((prefix) => `${prefix}/*`) } })}`,
];
const changes = '.audit/changes/*';
const adds = [
  's3:GetObject ModelsBucket /*',
  's3:GetObjectVersion ModelsBucket /*',
  's3:ListBucket ModelsBucket',
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9].flatMap((digit) => [
    `s3:PutObject ModelsBucket /*/${digit}*`,
    `s3:AbortMultipartUpload ModelsBucket /*/${digit}*`,
  ]),
  `s3:GetObject ModelsBucket /${changes}`,
  `s3:PutObject ModelsBucket /${changes}`,
  `s3:ListBucket ModelsBucket ${JSON.stringify({ StringLikeIfExists: { 's3:prefix': [changes] } })}`,
];
const files = ['incoming', 'files', 'uploads', 'model-jobs', 'work'];

describe('what does jobs', () => {
  test('reads models and files, adds versions, and writes no settings, aliases or policies', () => {
    const own = data(files, ['model-runs', 'model-rounds']);
    const all = [...logs('Run'), ...traces, ...adds, ...own, ...recordRights];
    expect(rights(service, 'JobsRunRole')).toEqual([...new Set(all)].sort());
    const inContainer = [
      ...adds,
      ...data(files, ['model-runs', 'model-checkpoints']),
      's3:DeleteObject DataBucket /model-checkpoints/*',
    ];
    expect(rights(service, 'JobsContainerTaskTaskRole')).toEqual([...new Set(inContainer)].sort());
  });

  test('is a function with memory and room for a source of a tenth of it, and a container for the rest', () => {
    service.hasResourceProperties('AWS::Lambda::Function', {
      MemorySize: 8845,
      EphemeralStorage: { Size: 8845 },
      Timeout: 900,
    });
    service.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: Match.objectLike({
          TENSORGATE_JOB_BYTES: String(884 * 1024 * 1024),
          TENSORGATE_JOB_CONTAINERS: 'true',
        }),
      },
    });
    service.hasResourceProperties('AWS::ECS::TaskDefinition', {
      Cpu: '4096',
      Memory: '30720',
      EphemeralStorage: { SizeInGiB: 200 },
      ContainerDefinitions: [
        Match.objectLike({ EntryPoint: ['node', '/app/cli/tensorgate.js'], ReadonlyRootFilesystem: true }),
      ],
    });
  });

  test('is begun and ended by functions that read no model', () => {
    const begin = [...logs('Begin'), ...traces, 's3:ListBucket ModelsBucket'];
    const beginFiles = data(['incoming', 'model-starts', 'files', 'uploads', 'work'], ['model-jobs', 'model-runs']);
    expect(rights(service, 'JobsBeginRole')).toEqual([...begin, ...beginFiles].sort());
    const finishFiles = data(['incoming', 'model-starts', 'model-jobs', 'work'], ['model-runs']);
    expect(rights(service, 'JobsFinishRole')).toEqual([...logs('Finish'), ...traces, ...finishFiles].sort());
  });
});

describe('what does a round of a training by several workers', () => {
  const rounds = data(['work', 'model-runs'], ['model-rounds']);

  test('reads and writes rounds, no model of the repository, and no file of a caller', () => {
    expect(rights(service, 'JobsWorkerRole')).toEqual([...logs('Worker'), ...traces, ...rounds].sort());
    const reduce = [...logs('Reduce'), ...traces, ...rounds, ...data(['model-jobs'], ['model-runs'])];
    expect(rights(service, 'JobsReduceRole')).toEqual([...new Set(reduce)].sort());
  });

  test('is done side by side, brought together, and so on until the model is stored', () => {
    const { TrainSideBySide: workers, BringTogether: reduce, WhatIsLeft: left } = states;
    expect(states.RunInFunction).toMatchObject({ ResultPath: '$.run', Next: 'WhatIsLeft' });
    expect(left).toMatchObject({
      Choices: [
        { Variable: '$.run.state', StringEquals: 'round', Next: 'TrainSideBySide' },
        { Variable: '$.run.state', StringEquals: 'fitted', Next: 'RunInFunction' },
      ],
      Default: 'FinishJob',
    });
    expect(workers).toMatchObject({
      ItemsPath: '$.run.shards',
      ItemSelector: { 'job.$': '$.begin.job', 'round.$': '$.run.round', 'shard.$': '$$.Map.Item.Value' },
      ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED' } },
      ResultPath: null,
      Next: 'BringTogether',
    });
    // Where one cannot be done after all tries, the job is over.
    expect(workers).not.toHaveProperty('ToleratedFailurePercentage');
    expect(reduce).toMatchObject({
      Parameters: { 'job.$': '$.begin.job', 'round.$': '$.run.round' },
      ResultPath: '$.run',
      Next: 'WhatIsLeft',
    });
    const worker = workers.ItemProcessor.States.TrainWorker;
    for (const step of [worker, reduce])
      expect(step.Retry.at(-1)).toMatchObject({ ErrorEquals: ['States.ALL'], MaxAttempts: 6 });
    for (const step of [workers, reduce])
      expect(step.Catch).toMatchObject([{ ErrorEquals: ['States.ALL'], Next: 'FinishJob' }]);
  });
});

describe('the state machine', () => {
  test('does each job once, where it fits, and ends it with its report whatever happened', () => {
    expect(states.Where.Choices.map(({ StringEquals, Next }: Record<string, string>) => [StringEquals, Next])).toEqual([
      ['function', 'RunInFunction'],
      ['refused', 'FinishJob'],
      ['container', 'RunInContainer'],
      ['convert-tabular', 'ConvertTabular'],
      ['convert-torch', 'ConvertTorch'],
      ['convert-tensorflow', 'ConvertTensorflow'],
    ]);
    expect(states.Where.Default).toBe('NothingToDo');
    for (const step of [states.BeginJob, states.RunInFunction, states.RunInContainer])
      expect(step.Catch).toMatchObject([{ ErrorEquals: ['States.ALL'], Next: 'FinishJob' }]);
    expect(states.RunInFunction.Retry).toMatchObject([{ ErrorEquals: ['Lambda.TooManyRequestsException'] }]);
    // A container that is lost; one that takes too long would again.
    expect(states.RunInContainer.Retry).toMatchObject([{ ErrorEquals: ['States.TaskFailed'], MaxAttempts: 10 }]);
    expect(states.BeginJob.Parameters).toEqual({ 'detail.$': '$.detail', 'execution.$': '$$.Execution.Id' });
  });

  test('says which job a container does, in a network of its own', () => {
    expect(states.RunInContainer).toMatchObject({
      TimeoutSeconds: 48 * 3600,
      Parameters: {
        LaunchType: 'FARGATE',
        NetworkConfiguration: { AwsvpcConfiguration: { SecurityGroups: ['reference'] } },
        Overrides: { ContainerOverrides: [{ Environment: [{ Name: 'TENSORGATE_JOB', 'Value.$': '$.begin.job' }] }] },
      },
    });
    expect(states.RunInContainer.Resource).toMatch(/ecs:runTask\.sync$/);
  });

  test('announces the end, and keeps what did not end by itself', () => {
    expect(states.Announce.Parameters.Entries).toMatchObject([{ Source: 'tensorgate' }]);
    expect(states.IsAllDone).toMatchObject({ Default: 'KeepMessage' });
    expect(states.NotDone).toMatchObject({ Type: 'Fail', Error: 'ModelJobNotDone' });
  });
});

describe('a container with a GPU', () => {
  const jobs = { containerMemoryMb: 14_336, containerAccelerator: 'l4' } as const;
  const gpu = synthesize({ ...dev, jobs }).service;
  const [[provider, machines] = []] = Object.entries(gpu.findResources('AWS::ECS::CapacityProvider'));

  test('is on machines that have it, with room for what jobs make, trains there, and is the image of CUDA', () => {
    expect(machines?.Properties.ManagedInstancesProvider.InstanceLaunchTemplate).toMatchObject({
      StorageConfiguration: { StorageSizeGiB: 200 },
      InstanceRequirements: { AcceleratorNames: ['l4'], AcceleratorCount: { Min: 1, Max: 1 }, VCpuCount: { Min: 4 } },
    });
    gpu.hasResourceProperties('AWS::ECS::TaskDefinition', {
      RequiresCompatibilities: ['MANAGED_INSTANCES'],
      Cpu: '4096',
      Memory: '14336',
      ContainerDefinitions: [
        Match.objectLike({
          Command: Match.arrayWith(['--execution-providers', 'cuda']),
          ReadonlyRootFilesystem: true,
          ResourceRequirements: [{ Type: 'GPU', Value: '1' }],
        }),
      ],
    });
    const [{ Properties }] = Object.values(gpu.findResources('AWS::ECS::TaskDefinition')) as [{ Properties: object }];
    const [other] = Object.values(service.findResources('AWS::ECS::TaskDefinition'));
    expect(JSON.stringify(Properties)).not.toContain(other?.Properties.ContainerDefinitions[0].Image['Fn::Sub']);
    // Else no machine could join the cluster.
    const joined = Object.values(gpu.findResources('AWS::EC2::VPCEndpoint')).map(({ Properties: { ServiceName } }) =>
      JSON.stringify(ServiceName),
    );
    expect(joined.filter((name) => name.includes('.ecs-agent'))).toHaveLength(1);
  });

  test('is run by what starts such machines, and has the rights that one without has', () => {
    const [definition] = Object.entries(gpu.findResources('AWS::StepFunctions::StateMachine'))
      .filter(([id]) => id.startsWith('Jobs'))
      .map(([, { Properties }]) => JSON.stringify(Properties.DefinitionString));
    expect(definition).toContain('CapacityProviderStrategy');
    expect(definition).toContain(`{"Ref":"${provider}"}`);
    expect(definition).not.toContain('LaunchType');
    expect(rights(gpu, 'JobsContainerTaskTaskRole')).toEqual(rights(service, 'JobsContainerTaskTaskRole'));
  });

  test('shares the network of endpoints in containers, where machines join too', () => {
    const shared = synthesize({ ...dev, jobs, endpoints: [...dev.endpoints, containers[0]] }).service;
    shared.resourceCountIs('AWS::EC2::VPC', 1);
    const services = Object.values(shared.findResources('AWS::EC2::VPCEndpoint')).map(({ Properties }) =>
      JSON.stringify(Properties.ServiceName),
    );
    expect(services.filter((name) => name.includes('.ecs-agent'))).toHaveLength(1);
  });
});

describe('a conversion', () => {
  const tasks = Object.values(service.findResources('AWS::ECS::TaskDefinition')).filter(({ Properties }) =>
    JSON.stringify(Properties).includes('/app/job.py'),
  );

  test('has no role, writes to /tmp alone, and is told but a URL', () => {
    expect(tasks).toHaveLength(3);
    for (const { Properties } of tasks) {
      expect(Properties).not.toHaveProperty('TaskRoleArn');
      expect(Properties).toMatchObject({ Memory: '16384', Cpu: '4096' });
      expect(Properties.ContainerDefinitions).toMatchObject([
        { ReadonlyRootFilesystem: true, LinuxParameters: { Capabilities: { Drop: ['ALL'] } } },
      ]);
      expect(Properties.ContainerDefinitions[0]).not.toHaveProperty('LogConfiguration');
      expect(Properties.ContainerDefinitions[0]).not.toHaveProperty('Secrets');
    }
    const environment = [{ Name: 'TENSORGATE_CONVERSION', 'Value.$': '$.begin.plan' }];
    expect(states.ConvertTabular.Parameters.Overrides.ContainerOverrides).toMatchObject([{ Environment: environment }]);
    expect(states.ConvertTabular).toMatchObject({ Next: 'RunInFunction', TimeoutSeconds: 3600 });
    expect(states.ConvertTabular.Catch).toMatchObject([{ ErrorEquals: ['States.ALL'], Next: 'RunInFunction' }]);
  });

  test('can go nowhere but to the data bucket, and images come from this account', () => {
    const own = ([id]: [string, unknown]) => id.startsWith('JobsConversions');
    const of = (type: string) => Object.fromEntries(Object.entries(service.findResources(type)).filter(own));
    for (const way of ['InternetGateway', 'NatGateway', 'VPCGatewayAttachment', 'EgressOnlyInternetGateway'])
      expect(of(`AWS::EC2::${way}`)).toEqual({});
    const endpoints = Object.values(of('AWS::EC2::VPCEndpoint'));
    const services = endpoints.map(
      ({ Properties }) => JSON.stringify(Properties.ServiceName).match(/s3|ecr\.\w+/)?.[0],
    );
    expect(services.sort()).toEqual(['ecr.api', 'ecr.dkr', 's3']);
    for (const { Properties } of endpoints) {
      const { Statement } = Properties.PolicyDocument;
      expect(JSON.stringify(Statement)).toMatch(/DataBucket|:repository\/\*/);
      for (const { Action, Resource } of Statement)
        if (Resource === '*') expect(Action).toBe('ecr:GetAuthorizationToken');
    }
    const [rules] = Object.values(of('AWS::Route53Resolver::FirewallRuleGroup'));
    expect(rules?.Properties.FirewallRules).toMatchObject([
      { Priority: 1, Action: 'ALLOW' },
      { Priority: 2, Action: 'BLOCK' },
    ]);
  });
});

test('begins where a job is asked for, and what cannot be begun is kept', () => {
  service.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: Match.objectLike({
      detail: Match.objectLike({
        object: {
          key: [{ prefix: 'model-starts/' }, { wildcard: 'incoming/*.job.json' }, { wildcard: 'incoming/*.onnx' }],
        },
      }),
    }),
    Targets: [Match.objectLike({ DeadLetterConfig: Match.anyValue() })],
  });
});

test('the function for the rest takes jobs, and there are alarms', () => {
  service.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: Match.objectLike({ TENSORGATE_JOBS: 'true' }) },
  });
  const own = rights(service, 'DefaultFunctionRole').filter((right) => right.includes('/model-'));
  expect(own.filter((right) => right.startsWith('s3:PutObject'))).toEqual(
    ['jobs', 'runs', 'starts'].map((place) => `s3:PutObject DataBucket /model-${place}/*`),
  );
  const alarms = Object.values(service.findResources('AWS::CloudWatch::Alarm'));
  const described = alarms.map(({ Properties }) => Properties.AlarmDescription);
  expect(described).toContain('A job that was to make a model was ended, or could not be begun');
  expect(described).toContain('An environment used over 90 % of its 8845 MB');
});
