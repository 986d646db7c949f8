import { Cluster, ContainerInsights } from 'aws-cdk-lib/aws-ecs';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { ContainerEndpointSettings, GpuEndpointSettings } from '../container-settings.ts';
import { ContainerEndpoint } from './container-endpoint.ts';
import { EndpointNetwork } from './endpoint-network.ts';
import { GpuEndpoint } from './gpu-endpoint.ts';
import type { ModelBucket } from './model-bucket.ts';

export interface ContainerEndpointsProps {
  readonly endpoints: readonly (ContainerEndpointSettings | GpuEndpointSettings)[];
  readonly models: ModelBucket;
  /** How long logs are kept. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays | undefined;
}

/** All endpoints of a stage that run in containers, in one network and one cluster. */
export class ContainerEndpoints extends Construct {
  readonly endpoints: readonly (ContainerEndpoint | GpuEndpoint)[];

  constructor(scope: Construct, id: string, { endpoints, models, logRetention }: ContainerEndpointsProps) {
    super(scope, id);
    const hasInstances = endpoints.some(({ kind }) => kind === 'gpu');
    const network = new EndpointNetwork(this, 'Network', { hasInstances, logRetention });
    const cluster = new Cluster(this, 'Cluster', {
      vpc: network.vpc,
      containerInsightsV2: ContainerInsights.ENABLED,
      enableFargateCapacityProviders: true,
    });
    this.endpoints = endpoints.map((settings) => {
      const { name, models: modelNames, minContainers, maxContainers, queueTargetMs, ...others } = settings;
      const scaling = { minContainers, maxContainers, queueTargetMs };
      const common = { network, cluster, logRetention, scaling, models: models.select({ modelNames }) };
      return others.kind === 'gpu'
        ? new GpuEndpoint(this, name, { ...common, ...others })
        : new ContainerEndpoint(this, name, { ...common, ...others });
    });
  }
}
