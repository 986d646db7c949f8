import { describe, expect, jest, test } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { Stack } from 'aws-cdk-lib/core';
import { registryImage } from '../../cdk/constructs/registry-image.ts';
import type { StageSettings } from '../../cdk/stage-settings.ts';
import { stages } from '../../cdk/stages.ts';
import { serveCommand } from '../../cli/serve.ts';
import { balancerIdleSeconds } from '../../src/settings.ts';
import { canaryRights } from './canary-rights.ts';
import { containers } from './containers.ts';
import { recordRights } from './record-rights.ts';
import { rights } from './rights.ts';
import { synthesize } from './synthesize.ts';

jest.setTimeout(60_000);

const { dev, prod } = stages as { dev: StageSettings; prod: StageSettings };
// Without Docker, which this machine need not have: the image is built when the stack is deployed.
const { service } = synthesize({ ...dev, endpoints: [...dev.endpoints, ...containers] });

type Choices = Partial<StageSettings> & { readonly needsGrpcKeys?: boolean };

/** The arguments of `serve` of each container. */
const commands = Object.values(service.findResources('AWS::ECS::TaskDefinition')).map(({ Properties }) =>
  Properties.ContainerDefinitions[0].Command.map((word: unknown) => (typeof word === 'string' ? word : 's3')).join(' '),
);

describe('a service in containers', () => {
  test('asks nothing of ECS that nobody uses: Fargate takes its containers as it is, and machines are of the cluster', () => {
    service.resourceCountIs('AWS::ECS::ClusterCapacityProviderAssociations', 0);
    service.hasResourceProperties('AWS::ECS::CapacityProvider', {
      ClusterName: { Ref: Match.stringLikeRegexp('Cluster') },
    });
    const chosen = Object.values(service.findResources('AWS::ECS::Service')).map(
      ({ Properties }) => Properties.LaunchType ?? Properties.CapacityProviderStrategy.length,
    );
    expect(chosen).toEqual(['FARGATE', 1]);
  });

  test('says where gRPC callers find it', () => {
    for (const name of ['Vision', 'Speech'])
      service.hasOutput(`${name}Address`, {
        Value: { 'Fn::GetAtt': [Match.stringLikeRegexp(`Containers${name}ServingBalancer`), 'DNSName'] },
      });
  });

  test('asks gRPC callers for keys where the stage says so, and may read these alone', () => {
    const endpoints = [...dev.endpoints, ...containers.map((each) => ({ ...each, needsGrpcKeys: true }))];
    const asking = synthesize({ ...dev, endpoints }).service;
    for (const { Properties } of Object.values(asking.findResources('AWS::ECS::TaskDefinition')))
      expect(JSON.stringify(Properties.ContainerDefinitions[0].Command)).toMatch(
        /"--grpc-api-keys",{"Fn::Join":\["",\["s3:\/\/",.*"\/\.access\/grpc-keys\.json"\]\]}/,
      );
    const read = rights(asking, 'VisionTaskTaskRole').filter((right) => right.startsWith('s3:GetObject '));
    expect(read).toContain('s3:GetObject ModelsBucket /.access/grpc-keys.json');
    expect(JSON.stringify(service.toJSON())).not.toContain('grpc-keys');
  });

  test('lets pages of the origin call that the stage names', () => {
    const open = synthesize({
      ...dev,
      corsOrigin: 'https://app.example.com',
      endpoints: [...dev.endpoints, ...containers],
    });
    for (const { Properties } of Object.values(open.service.findResources('AWS::ECS::TaskDefinition')))
      expect(Properties.ContainerDefinitions[0].Command.join(' ')).toContain('--cors-origin https://app.example.com');
  });

  test('has its models loaded before it takes requests, and picks up new versions', () => {
    expect(commands).toEqual([
      '--models s3 --only resnet,bert --watch --no-prepare --memory-budget 1629M --report-seconds 60 --usage always --audit denied --gateway-policies s3',
      '--models s3 --only whisper --watch --no-prepare --memory-budget 6283M --report-seconds 60 --usage always --audit denied --gateway-policies s3 --execution-providers cuda',
    ]);
    service.resourcePropertiesCountIs(
      'AWS::ElasticLoadBalancingV2::TargetGroup',
      { HealthCheckPath: '/v2/health/ready', Matcher: { HttpCode: '200' }, Protocol: 'HTTP', Port: 8080 },
      2,
    );
    // By gRPC the load balancer reads the status alone, which is 0 of ServerReady whatever it says.
    service.resourcePropertiesCountIs(
      'AWS::ElasticLoadBalancingV2::TargetGroup',
      { HealthCheckPath: '/tensorgate.Readiness/Check', Matcher: { GrpcCode: '0,12' }, ProtocolVersion: 'GRPC' },
      2,
    );
  });

  test.each([
    ['as a stage has it', {}],
    [
      'with all that a stage may choose',
      { corsOrigin: 'https://app.example.com', audit: { calls: 'all', bodies: 0.01 }, drift: {}, needsGrpcKeys: true },
    ],
  ] as const)('is told nothing that `serve` does not take, %s', (_, { needsGrpcKeys, ...settings }: Choices) => {
    const endpoints = [
      ...dev.endpoints,
      ...containers.map((each) => ({ ...each, needsGrpcKeys: needsGrpcKeys === true })),
    ];
    const template = synthesize({ ...dev, ...settings, endpoints }).service;
    for (const { Properties } of Object.values(template.findResources('AWS::ECS::TaskDefinition'))) {
      const words = Properties.ContainerDefinitions[0].Command.map((word: unknown) =>
        typeof word === 'string' ? word : 's3://models',
      );
      const serve = serveCommand().exitOverride();
      const heard = jest.fn<(...words: unknown[]) => void>();
      serve.action(heard);
      // As the image's ENTRYPOINT begins.
      serve.parse(['--host', '0.0.0.0', '--port', '8080', '--grpc-port', '8001', ...words], { from: 'user' });
      expect(heard).toHaveBeenCalledWith(expect.objectContaining({ models: 's3://models', watch: true }), serve);
      expect(serve.args).toEqual([]);
    }
  });

  test('has room on its disk for the models that fit into its memory, and for those that take their place', () => {
    const large = { ...containers[0], cpus: 16, memoryMb: 122_880 };
    const larger = { ...containers[1], accelerator: 'l40s' as const, memoryMb: 122_880 };
    const template = synthesize({ ...dev, endpoints: [...dev.endpoints, large, larger] }).service;
    const disks = (from: typeof service) => [
      ...Object.values(from.findResources('AWS::ECS::TaskDefinition')).map(
        ({ Properties }) => Properties.EphemeralStorage?.SizeInGiB,
      ),
      ...Object.values(from.findResources('AWS::ECS::CapacityProvider')).map(
        ({ Properties }) =>
          Properties.ManagedInstancesProvider.InstanceLaunchTemplate.StorageConfiguration.StorageSizeGiB,
      ),
    ];
    expect(disks(service)).toEqual([21, undefined, 80]);
    // 55,621 MB of models, twice, and the image.
    expect(disks(template)).toEqual([117, undefined, 117]);
  });

  test('may read its own models and the policies, write records of calls, take its canaries back, pull its image and write its log, and nothing else', () => {
    const listed = (...prefixes: string[]) =>
      `s3:ListBucket ModelsBucket ${JSON.stringify({ StringLikeIfExists: { 's3:prefix': prefixes } })}`;
    expect(rights(service, 'VisionTaskTaskRole')).toEqual(
      [
        's3:GetObject ModelsBucket /bert/*',
        's3:GetObject ModelsBucket /resnet/*',
        's3:GetObjectVersion ModelsBucket /bert/*',
        's3:GetObjectVersion ModelsBucket /resnet/*',
        listed('resnet', 'resnet/*', 'bert', 'bert/*'),
        's3:GetObject ModelsBucket /.access/policies.json',
        listed('.access/policies.json'),
        ...recordRights,
        ...canaryRights('resnet', 'bert'),
      ].sort(),
    );
    const actions = rights(service, 'VisionTaskExecutionRole').map((right) => right.split(' ')[0]);
    expect(actions).toEqual([
      'ecr:BatchCheckLayerAvailability',
      'ecr:BatchGetImage',
      'ecr:GetAuthorizationToken',
      'ecr:GetDownloadUrlForLayer',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
    ]);
  });

  test('may besides use the key that encrypts the models', () => {
    const production = synthesize({ ...prod, endpoints: [...prod.endpoints, ...containers] }, 'prod').service;
    expect(rights(production, 'VisionTaskTaskRole').filter((right) => right.startsWith('kms:'))).toEqual([
      'kms:Decrypt Key',
      'kms:GenerateDataKey Key',
    ]);
  });

  test('writes down what functions do of calls, with the inputs that the stage wants', () => {
    const endpoints = [...dev.endpoints, ...containers];
    const all = synthesize({ ...dev, endpoints, audit: { calls: 'all', bodies: 0.01 } }).service;
    for (const { Properties } of Object.values(all.findResources('AWS::ECS::TaskDefinition')))
      expect(Properties.ContainerDefinitions[0].Command.join(' ')).toContain(
        '--usage always --audit all --audit-bodies 0.01',
      );
  });

  test('writes to no disk but /tmp, and runs as the image says, which is not root', () => {
    for (const { Properties } of Object.values(service.findResources('AWS::ECS::TaskDefinition')))
      expect(Properties.ContainerDefinitions).toMatchObject([
        {
          ReadonlyRootFilesystem: true,
          MountPoints: [{ ContainerPath: '/tmp' }],
          HealthCheck: { Command: ['CMD', 'node', '/app/containers/inference/health.js'] },
        },
      ]);
  });

  test('goes back to the version before where a new one does not come up, and is never without a container meanwhile', () => {
    service.allResourcesProperties('AWS::ECS::Service', {
      DeploymentConfiguration: Match.objectLike({
        DeploymentCircuitBreaker: { Enable: true, Rollback: true },
        MinimumHealthyPercent: 100,
      }),
      EnableExecuteCommand: Match.absent(),
    });
  });

  test('tells how busy its GPU is, where it has one, and the dashboard shows it', () => {
    const metrics = Object.values(service.findResources('AWS::Logs::MetricFilter')).flatMap(({ Properties }) =>
      Properties.MetricTransformations.map(
        ({ MetricName, MetricValue, MetricNamespace }: Record<string, unknown>) =>
          /^Gpu/.test(String(MetricName)) && [MetricName, MetricValue, JSON.stringify(MetricNamespace)],
      ).filter(Boolean),
    );
    expect(metrics).toEqual([
      ['GpuPercent', '$.gpuPercent', expect.stringContaining('Containers-Speech')],
      ['GpuMemoryMb', '$.gpuMemoryMb', expect.stringContaining('Containers-Speech')],
    ]);
    const [dashboard] = Object.values(service.findResources('AWS::CloudWatch::Dashboard'));
    const body = JSON.stringify(dashboard?.Properties.DashboardBody);
    for (const title of ['Speech: GPU (%)', 'Speech: memory of the GPU (MB)']) expect(body).toContain(title);
    expect(body).not.toContain('Vision: GPU');
  });

  test('has more containers where requests wait, as its log tells, and only where the stage says how many', () => {
    service.hasResourceProperties('AWS::Logs::MetricFilter', {
      FilterPattern: '{ $.msg = "load" }',
      MetricTransformations: [Match.objectLike({ MetricName: 'QueueMs', MetricValue: '$.queueMs' })],
    });
    // A deployment leaves as many as there are where their number changes by itself.
    const counts = Object.values(service.findResources('AWS::ECS::Service')).map(
      ({ Properties }) => Properties.DesiredCount,
    );
    expect(counts).toEqual([undefined, 1]);
    service.resourceCountIs('AWS::ApplicationAutoScaling::ScalableTarget', 1);
    service.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', { MinCapacity: 1, MaxCapacity: 4 });
    service.hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
      TargetTrackingScalingPolicyConfiguration: Match.objectLike({
        TargetValue: 20,
        CustomizedMetricSpecification: Match.objectLike({ MetricName: 'QueueMs' }),
      }),
    });
  });
});

describe('the network', () => {
  test('has no way to the internet, nor from it', () => {
    for (const type of ['AWS::EC2::InternetGateway', 'AWS::EC2::NatGateway', 'AWS::EC2::EIP'])
      service.resourceCountIs(type, 0);
    service.allResourcesProperties('AWS::EC2::Subnet', { MapPublicIpOnLaunch: false });
    service.allResourcesProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internal' });
    service.allResourcesProperties('AWS::ECS::Service', {
      NetworkConfiguration: { AwsvpcConfiguration: Match.objectLike({ AssignPublicIp: 'DISABLED' }) },
    });
  });

  test("reaches services of AWS by endpoints: S3, ECR, logs, and ECS for the account's own machines", () => {
    const reached = (template: typeof service) =>
      Object.values(template.findResources('AWS::EC2::VPCEndpoint'))
        .map(({ Properties }) => /\.([a-z0-9-]+(?:\.(?:api|dkr))?)"/.exec(JSON.stringify(Properties.ServiceName))?.[1])
        .sort();
    const fargate = synthesize({ ...dev, endpoints: [...dev.endpoints, containers[0]] }).service;
    expect(reached(fargate)).toEqual(['ecr.api', 'ecr.dkr', 'logs', 's3']);
    expect(reached(service)).toEqual(['ecr.api', 'ecr.dkr', 'ecs', 'ecs-agent', 'ecs-telemetry', 'logs', 's3']);
  });

  test('is there only for containers', () => {
    synthesize(dev).service.resourceCountIs('AWS::EC2::VPC', 0);
  });
});

describe('the load balancer', () => {
  test('takes HTTP and gRPC over TLS 1.2 or later', () => {
    service.resourceCountIs('AWS::ElasticLoadBalancingV2::Listener', 4);
    service.allResourcesProperties('AWS::ElasticLoadBalancingV2::Listener', {
      Protocol: 'HTTPS',
      SslPolicy: Match.stringLikeRegexp('TLS13-1-2'),
      Certificates: [{ CertificateArn: containers[0].certificateArn }],
    });
    service.resourcePropertiesCountIs(
      'AWS::ElasticLoadBalancingV2::TargetGroup',
      { ProtocolVersion: 'GRPC', Port: 8001 },
      2,
    );
  });

  test('is the one to end connections that are silent, as the server waits longer', () => {
    for (const { Properties } of Object.values(service.findResources('AWS::ElasticLoadBalancingV2::LoadBalancer')))
      expect(Properties.LoadBalancerAttributes).toContainEqual({
        Key: 'idle_timeout.timeout_seconds',
        Value: String(balancerIdleSeconds),
      });
  });

  test('reaches containers, each by its ports', () => {
    const rules = (type: string) =>
      Object.values(service.findResources(type)).map(({ Properties }) => [
        Properties.FromPort,
        /(Vision|Speech)ServingGroup/.test(JSON.stringify(Properties)),
      ]);
    const ports = rules('AWS::EC2::SecurityGroupIngress').flatMap(([port, isContainers]) =>
      isContainers ? [port] : [],
    );
    expect(ports.sort()).toEqual([8001, 8001, 8080, 8080]);
  });

  test('takes gRPC from networks that the stage names, and lies where it says', () => {
    const network = { range: '10.64.0.0/20', callerRanges: ['10.1.0.0/16'] };
    const template = synthesize({ ...dev, network, endpoints: [...dev.endpoints, containers[0]] }).service;
    template.hasResourceProperties('AWS::EC2::VPC', { CidrBlock: '10.64.0.0/20' });
    const open = Object.values(template.findResources('AWS::EC2::SecurityGroup')).flatMap(
      ({ Properties }) => Properties.SecurityGroupIngress ?? [],
    );
    expect(open.map(({ CidrIp, FromPort }) => [CidrIp, FromPort])).toEqual([
      ['10.64.0.0/20', 443],
      ['10.64.0.0/20', 8443],
      ['10.1.0.0/16', 8443],
    ]);
  });

  test("is reached by API Gateway's link for HTTP, and from the network for gRPC", () => {
    const open = Object.values(service.findResources('AWS::EC2::SecurityGroup')).flatMap(
      ({ Properties }) => Properties.SecurityGroupIngress ?? [],
    );
    expect(open.map(({ CidrIp, FromPort }) => [CidrIp, FromPort])).toEqual([
      ['10.0.0.0/16', 443],
      ['10.0.0.0/16', 8443],
      ['10.0.0.0/16', 8443],
    ]);
    service.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      FromPort: 443,
      SourceSecurityGroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('LinkGroup'), 'GroupId'] },
    });
  });
});

test('the API passes what concerns the models of an endpoint to its load balancer, with the same keys and signatures', () => {
  const passed = Object.values(service.findResources('AWS::ApiGateway::Method'))
    .map(({ Properties }) => Properties)
    .filter(({ Integration }) => Integration.Type === 'HTTP_PROXY');
  expect(
    passed.every(({ ApiKeyRequired, AuthorizationType }) => ApiKeyRequired || AuthorizationType === 'AWS_IAM'),
  ).toBe(true);
  // Six paths of each model, for keys and for signatures.
  expect(passed).toHaveLength(2 * 3 * 6);
  const inner = passed.find(({ Integration }) => Integration.Uri.endsWith('/resnet/{proxy}'));
  expect(inner).toMatchObject({
    HttpMethod: 'ANY',
    RequestParameters: { 'method.request.path.proxy': true },
    Integration: {
      Uri: 'https://vision.example.com/v2/models/resnet/{proxy}',
      ConnectionType: 'VPC_LINK',
      ConnectionId: { Ref: expect.stringMatching(/^ContainersNetworkLink/) },
      IntegrationTarget: { Ref: expect.stringMatching(/^ContainersVisionServingBalancer/) },
      RequestParameters: expect.objectContaining({ 'integration.request.path.proxy': 'method.request.path.proxy' }),
    },
  });
});

test('the API is deployed anew where another load balancer takes the place of one, by the same name', () => {
  const deployed = (name: string) => {
    const endpoints = [...dev.endpoints, { ...containers[0], name }];
    return Object.keys(synthesize({ ...dev, endpoints }).service.findResources('AWS::ApiGateway::Deployment'));
  };
  const first = deployed('Vision');
  for (const id of deployed('Sight')) expect(first).not.toContain(id);
});

test('at /v1 too, where a path names them: what tasks say of items, and why', () => {
  const passed = Object.values(service.findResources('AWS::ApiGateway::Method'))
    .map(({ Properties }) => Properties.Integration)
    .filter(({ Type, Uri }) => Type === 'HTTP_PROXY' && Uri.includes('/v1/'));
  const paths = ['predict', 'explain'].flatMap((task) =>
    ['resnet', 'bert'].flatMap((model) => [`/v1/${task}/${model}`, `/v1/${task}/${model}/{proxy}`]),
  );
  const [vision, others] = [true, false].map((isVision) =>
    passed.map(({ Uri }) => Uri).filter((uri) => uri.startsWith('https://vision.example.com') === isVision),
  );
  // For keys and for signatures.
  const expected = paths.flatMap((path) => Array(2).fill(`https://vision.example.com${path}`));
  expect(vision?.sort()).toEqual(expected.sort());
  expect(others).toHaveLength(2 * 4);
});

test('the API tells an endpoint who calls, in headers that it writes over in any case', () => {
  const told = Object.values(service.findResources('AWS::ApiGateway::Method'))
    .filter(({ Properties }) => Properties.Integration.Type === 'HTTP_PROXY')
    .map(({ Properties: { AuthorizationType, Integration } }) => [
      AuthorizationType,
      Integration.RequestParameters['integration.request.header.x-tensorgate-caller'],
      Integration.RequestParameters['integration.request.header.x-tensorgate-key-id'],
    ]);
  expect(told).toHaveLength(2 * 3 * 6);
  for (const each of told)
    expect([
      ['CUSTOM', 'context.authorizer.caller', 'context.identity.apiKeyId'],
      ['AWS_IAM', 'context.identity.userArn', "'-'"],
    ]).toContainEqual(each);
});

describe('a GPU', () => {
  const machines = (template: typeof service) =>
    Object.values(template.findResources('AWS::ECS::CapacityProvider'))[0]?.Properties.ManagedInstancesProvider
      .InstanceLaunchTemplate.InstanceRequirements;

  test("is one container's own, on machines that have it, and an image by its name is read alone", () => {
    expect(machines(service)).toEqual({
      AcceleratorNames: ['l4'],
      AcceleratorManufacturers: ['nvidia'],
      AcceleratorCount: { Min: 1, Max: 1 },
      VCpuCount: { Min: 4 },
      MemoryMiB: { Min: 14_336 },
    });
    service.hasResourceProperties('AWS::ECS::TaskDefinition', {
      RequiresCompatibilities: ['MANAGED_INSTANCES'],
      ContainerDefinitions: [Match.objectLike({ ResourceRequirements: [{ Type: 'GPU', Value: '1' }] })],
    });
    const pulled = rights(service, 'SpeechTaskExecutionRole').filter((right) => right.startsWith('ecr:BatchGetImage'));
    expect(pulled).toEqual([expect.stringContaining('ecr:eu-west-1:123456789012:repository/tensorgate')]);
  });

  test('is of machines whose role has a name of its own in each region, and begins as ECS may hand it on', () => {
    const [[id, role] = []] = Object.entries(service.findResources('AWS::IAM::Role')).filter(
      ([, { Properties }]) => Properties.RoleName !== undefined,
    );
    const [name, region] = role?.Properties.RoleName['Fn::Join'][1] ?? [];
    expect(name).toMatch(/^ecsInstanceRole[\w+=,.@-]{1,33}-$/);
    expect(region).toEqual({ Ref: 'AWS::Region' });
    service.hasResourceProperties('AWS::IAM::InstanceProfile', {
      InstanceProfileName: role?.Properties.RoleName,
      Roles: [{ Ref: id }],
    });
  });

  test('may be a part of one, which machines of the family G6f have', () => {
    const speech = { ...containers[1], accelerator: 'l4/4' as const, memoryMb: 28_000 };
    const template = synthesize({ ...dev, endpoints: [...dev.endpoints, speech] }).service;
    expect(machines(template)).toEqual({
      AllowedInstanceTypes: ['g6f.*'],
      VCpuCount: { Min: 7 },
      MemoryMiB: { Min: 28_000 },
    });
    template.hasResourceProperties('AWS::ECS::TaskDefinition', {
      Cpu: '7168',
      ContainerDefinitions: [Match.objectLike({ ResourceRequirements: [{ Type: 'GPU', Value: '0.25' }] })],
    });
  });
});

test('an image that is not in ECR is refused', () => {
  const stack = new Stack();
  expect(() => registryImage(stack, 'tensorgate:latest')).toThrow("'tensorgate:latest' is no image in ECR: write");
});
