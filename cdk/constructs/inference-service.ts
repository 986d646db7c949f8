import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import {
  type CapacityProviderStrategy,
  type Cluster,
  FargateService,
  type ICluster,
  type TaskDefinition,
} from 'aws-cdk-lib/aws-ecs';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { EndpointBalancer } from './endpoint-balancer.ts';
import type { EndpointNetwork } from './endpoint-network.ts';

export interface InferenceServiceProps {
  readonly cluster: Cluster;
  readonly network: EndpointNetwork;
  readonly task: TaskDefinition;
  readonly certificateArn: string;
  /** How long requests waited for a run, in milliseconds. */
  readonly queueMs: Metric;
  /** Where the containers run. @default on Fargate */
  readonly capacity?: CapacityProviderStrategy | undefined;
  /** @default 1 */
  readonly minContainers?: number | undefined;
  /** @default minContainers: no scaling */
  readonly maxContainers?: number | undefined;
  /** @default 50 */
  readonly queueTargetMs?: number | undefined;
}

// What takes as long to download, to load and to warm up is no failure.
const loadPatience = Duration.minutes(15);

/** Containers behind a load balancer: replaced one by one, put back where new ones do not come up, more of them where requests wait. */
export class InferenceService extends Construct {
  readonly service: FargateService;
  readonly balancer: EndpointBalancer;
  /** How long requests waited for a run, in milliseconds, and how long they should at most. */
  readonly queueMs: Metric;
  readonly queueTargetMs: number;

  constructor(scope: Construct, id: string, props: InferenceServiceProps) {
    super(scope, id);
    const { cluster, network, task, capacity, minContainers = 1, certificateArn } = props;
    const { vpc, subnets } = network;
    this.service = new FargateService(this, 'Service', {
      cluster: cluster as ICluster,
      taskDefinition: task,
      desiredCount: minContainers,
      ...(capacity && { capacityProviderStrategies: [capacity] }),
      vpcSubnets: { subnets: [...subnets] },
      assignPublicIp: false,
      // The network has no way out but to services of AWS.
      securityGroups: [new SecurityGroup(this, 'Group', { vpc })],
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      circuitBreaker: { enable: true, rollback: true },
      healthCheckGracePeriod: loadPatience,
    });
    this.balancer = new EndpointBalancer(this, 'Balancer', { network, certificateArn, service: this.service });
    this.queueMs = props.queueMs;
    this.queueTargetMs = props.queueTargetMs ?? 50;
    this.#scale(props);
  }

  #scale({ minContainers = 1, maxContainers = minContainers }: InferenceServiceProps): void {
    if (maxContainers === minContainers) return;
    this.service
      .autoScaleTaskCount({ minCapacity: minContainers, maxCapacity: maxContainers })
      .scaleToTrackCustomMetric('Queue', {
        metric: this.queueMs,
        targetValue: this.queueTargetMs,
        // A new container is of use once its models are loaded; one that goes may be missed soon.
        scaleOutCooldown: Duration.minutes(3),
        scaleInCooldown: Duration.minutes(15),
      });
  }
}
