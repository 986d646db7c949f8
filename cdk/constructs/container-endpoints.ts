import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { ContainerEndpointSettings, GpuEndpointSettings } from '../container-settings.ts';
import { ContainerEndpoint } from './container-endpoint.ts';
import { EndpointNetwork, type EndpointNetworkProps } from './endpoint-network.ts';
import { GpuEndpoint } from './gpu-endpoint.ts';
import type { ModelBucket } from './model-bucket.ts';
import { type ServerChoices, serverChoices } from './server-choices.ts';
import { ServerImage } from './server-image.ts';
import { TritonImage } from './triton-image.ts';
import { VllmImage } from './vllm-image.ts';

export interface ContainerEndpointsProps {
  readonly endpoints: readonly (ContainerEndpointSettings | GpuEndpointSettings)[];
  readonly models: ModelBucket;
  /** Where the network lies, and who calls by gRPC from others. @default as an EndpointNetwork has it */
  readonly addresses?: Pick<EndpointNetworkProps, 'range' | 'callerRanges'> | undefined;
  /** Private keys, in PEM, that callers may encrypt payloads to. @default none */
  readonly payloadKeys?: ISecret | undefined;
  /** Origin whose pages may call, or `*`. @default none */
  readonly corsOrigin?: string | undefined;
  /** What they keep of calls. @default calls that were denied, and usage */
  readonly records?: ServerChoices['records'];
  /** Whether they take canaries back that are worse than the stable version. @default false */
  readonly stopsCanaries?: boolean | undefined;
  /** Whether they keep how the inputs and outputs of models are spread. @default false */
  readonly watchesDrift?: boolean | undefined;
  /** Whether others than they run on instances in their network, too. @default false */
  readonly hasInstances?: boolean | undefined;
  /** Whether API Gateway passes answers on as they come. @default true */
  readonly streams?: boolean | undefined;
  /** How long logs are kept. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays | undefined;
}

/** All endpoints of a stage that run in containers, in one network and one cluster. */
export class ContainerEndpoints extends Construct {
  readonly endpoints: readonly (ContainerEndpoint | GpuEndpoint)[];
  readonly network: EndpointNetwork;

  constructor(scope: Construct, id: string, props: ContainerEndpointsProps) {
    super(scope, id);
    const { endpoints, models, streams, payloadKeys, logRetention } = props;
    const hasInstances = props.hasInstances || endpoints.some(({ kind }) => kind === 'gpu');
    const network = new EndpointNetwork(this, 'Network', {
      ...props.addresses,
      hasInstances,
      hasSecrets: payloadKeys !== undefined,
      logRetention,
    });
    this.network = network;
    this.endpoints = endpoints.map((settings) => {
      const {
        name,
        models: modelNames,
        image,
        minContainers,
        maxContainers,
        queueTargetMs,
        idleMinutes,
        needsGrpcKeys,
        ...others
      } = settings;
      const access = { policies: models.policies, grpcKeys: needsGrpcKeys ? models.grpcKeys : undefined };
      const served = models.select({ modelNames });
      const common = { network, streams, ...serverChoices(props), ...access, models: served };
      const endpoint =
        others.kind === 'gpu'
          ? new GpuEndpoint(this, name, { ...common, ...others, image: gpuImageOf(image, others) })
          : new ContainerEndpoint(this, name, { ...common, ...others, image: imageOf(image, others.architecture) });
      if (idleMinutes) endpoint.sleepAfter(Duration.minutes(idleMinutes));
      else endpoint.scale({ minContainers, maxContainers, queueTargetMs });
      return endpoint;
    });
  }
}

function gpuImageOf(
  name: string | undefined,
  { engine, modelVersion }: Pick<GpuEndpointSettings, 'engine' | 'modelVersion'>,
): ServerImage | TritonImage | VllmImage {
  if (engine === 'vllm') return new VllmImage(name, modelVersion);
  return engine === 'triton' ? new TritonImage(name ?? '') : imageOf(name);
}

function imageOf(name: string | undefined, architecture?: 'x86_64' | 'arm64'): ServerImage {
  return name === undefined ? ServerImage.built(architecture) : ServerImage.inRegistry(name, architecture);
}
