import { expect, jest, test } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import type { StageSettings } from '../../cdk/stage-settings.ts';
import { stages } from '../../cdk/stages.ts';
import { vllm } from './containers.ts';
import { rights } from './rights.ts';
import { synthesize } from './synthesize.ts';

jest.setTimeout(60_000);

const { dev } = stages as { dev: StageSettings };
const { service } = synthesize({ ...dev, corsOrigin: '*', endpoints: [...dev.endpoints, vllm] });
const [task] = Object.values(service.findResources('AWS::ECS::TaskDefinition'));
const [container] = task?.Properties.ContainerDefinitions ?? [];

test('vLLM streams a version of its model from the bucket', () => {
  const [option, model, ...options] = container.Command;
  expect([option, JSON.stringify(model)]).toEqual([
    '--model',
    expect.stringMatching(/^{"Fn::Join":\["",\["s3:\/\/",.*ModelsBucket.*"\/qwen\/3"\]\]}$/),
  ]);
  expect(options).toEqual([
    ...['--load-format', 'runai_streamer', '--served-model-name', 'qwen'],
    ...['--host', '0.0.0.0', '--port', '8080'],
  ]);
  expect(container).toMatchObject({
    ReadonlyRootFilesystem: true,
    MountPoints: [{ ContainerPath: '/tmp' }],
    Environment: expect.arrayContaining([
      { Name: 'HOME', Value: '/tmp' },
      // Longer than the load balancer keeps a silent connection.
      { Name: 'VLLM_HTTP_TIMEOUT_KEEP_ALIVE', Value: '320' },
      { Name: 'AWS_REGION', Value: { Ref: 'AWS::Region' } },
    ]),
    HealthCheck: { Command: ['CMD', 'python3', '-c', expect.stringContaining('127.0.0.1:8080/health')] },
    ResourceRequirements: [{ Type: 'GPU', Value: '1' }],
  });
});

test("its image is AWS's, in the region, and it may read its own model alone", () => {
  expect(JSON.stringify(container.Image)).toMatch(
    /^{"Fn::Join":\["",\[{"Fn::FindInMap":.*"\.dkr\.ecr\.".*\/vllm:server-cuda-v1"\]\]}$/,
  );
  // Of one account in most regions, and of one each in others.
  const accounts = service.toJSON().Mappings.DlcRepositoryAccountMap;
  expect(accounts['eu-west-1'].value).toBe('763104351884');
  expect(accounts['eu-south-2'].value).toBe('503227376785');
  const read = rights(service, 'ChatTaskTaskRole').filter((right) => right.startsWith('s3:GetObject '));
  expect(read).toEqual(['s3:GetObject ModelsBucket /qwen/*']);
  const pulled = rights(service, 'ChatTaskExecutionRole').filter((right) => right.startsWith('ecr:BatchGetImage'));
  expect(pulled).toEqual([expect.stringMatching(/Fn::FindInMap.*DlcRepositoryAccountMap.*:repository\/vllm/)]);
});

test("an image of one's own takes its place, and a model is shared out over several GPUs", () => {
  const image = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/vllm:1';
  const endpoint = { ...vllm, image, accelerator: 'a10gx4' as const };
  const own = synthesize({ ...dev, endpoints: [...dev.endpoints, endpoint] }).service;
  const tasks = own.findResources('AWS::ECS::TaskDefinition');
  expect(JSON.stringify(tasks)).toContain('vllm:1');
  const [{ Command, MountPoints, ResourceRequirements }] = Object.values(tasks).flatMap(
    ({ Properties }) => Properties.ContainerDefinitions,
  );
  expect(Command.join(' ')).toContain('--tensor-parallel-size 4');
  expect(ResourceRequirements).toEqual([{ Type: 'GPU', Value: '4' }]);
  expect(MountPoints).toContainEqual({ SourceVolume: 'shared', ContainerPath: '/dev/shm', ReadOnly: false });
  own.hasResourceProperties('AWS::ECS::CapacityProvider', {
    ManagedInstancesProvider: Match.objectLike({
      InstanceLaunchTemplate: Match.objectLike({
        InstanceRequirements: Match.objectLike({ AcceleratorCount: { Min: 4, Max: 4 }, AcceleratorNames: ['a10g'] }),
      }),
    }),
  });
});

test("the API has OpenAI's paths below its model, for keys, and streams their answers", () => {
  service.hasResourceProperties('AWS::ApiGateway::Method', {
    ApiKeyRequired: true,
    Integration: Match.objectLike({
      Uri: 'https://chat.example.com/v1/{proxy}',
      ResponseTransferMode: 'STREAM',
      RequestParameters: Match.objectLike({ 'integration.request.path.proxy': 'method.request.path.proxy' }),
    }),
  });
  const uris = Object.values(service.findResources('AWS::ApiGateway::Method')).map(
    ({ Properties }) => Properties.Integration?.Uri,
  );
  expect(uris.filter((uri) => JSON.stringify(uri)?.includes('chat.example.com'))).toEqual(
    Array(2).fill('https://chat.example.com/v1/{proxy}'),
  );
});

test('it is asked whether it is ready where vLLM says so, and nobody asks it by gRPC', () => {
  const groups = Object.values(service.findResources('AWS::ElasticLoadBalancingV2::TargetGroup'));
  expect(groups.map(({ Properties }) => [Properties.Port, Properties.HealthCheckPath])).toEqual([[8080, '/health']]);
  service.hasResourceProperties('AWS::ECS::Service', { DesiredCount: 1 });
  expect(Object.keys(service.toJSON().Outputs)).not.toContain('ChatAddress');
});
