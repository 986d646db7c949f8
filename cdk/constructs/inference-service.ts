import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import {
  type CapacityProviderStrategy,
  type CfnService,
  FargateService,
  type ICluster,
  type TaskDefinition,
} from 'aws-cdk-lib/aws-ecs';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { EndpointBalancer } from './endpoint-balancer.ts';
import type { EndpointNetwork } from './endpoint-network.ts';

export interface InferenceServiceProps {
  readonly network: EndpointNetwork;
  readonly task: TaskDefinition;
  readonly certificateArn: string;
  /** How long requests waited for a run, in milliseconds. */
  readonly queueMs: Metric;
  /** Where the containers run. @default on Fargate */
  readonly capacity?: CapacityProviderStrategy | undefined;
}

export interface EndpointScaling {
  /** Containers at least. @default 1 */
  readonly minContainers?: number | undefined;
  /** Containers at most. @default minContainers: no scaling */
  readonly maxContainers?: number | undefined;
  /** Milliseconds that requests should wait for a run, on average; past it there are more containers. @default 50 */
  readonly queueTargetMs?: number | undefined;
}

// What takes as long to download, to load and to warm up is no failure.
const loadPatience = Duration.minutes(15);

/** Containers behind a load balancer: replaced one by one, put back where new ones do not come up, more of them where requests wait. */
export class InferenceService extends Construct {
  readonly service: FargateService;
  readonly balancer: EndpointBalancer;
  /** How long requests waited for a run, in milliseconds. */
  readonly queueMs: Metric;
  #queueTargetMs = 50;

  constructor(scope: Construct, id: string, props: InferenceServiceProps) {
    super(scope, id);
    const { network, task, capacity, certificateArn } = props;
    const { vpc, subnets, cluster } = network;
    this.service = new FargateService(this, 'Service', {
      cluster: cluster as ICluster,
      taskDefinition: task,
      desiredCount: 1,
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
  }

  /** Milliseconds that requests should wait for a run at most, on average. */
  get queueTargetMs(): number {
    return this.#queueTargetMs;
  }

  /** Says how many containers there are: one otherwise. */
  scale({ minContainers = 1, maxContainers = minContainers, queueTargetMs = 50 }: EndpointScaling): void {
    this.#queueTargetMs = queueTargetMs;
    const service = this.service.node.defaultChild as CfnService;
    // Where their number changes by itself, a deployment must not set it back.
    service.desiredCount = maxContainers > minContainers ? undefined : minContainers;
    if (maxContainers === minContainers) return;
    this.service
      .autoScaleTaskCount({ minCapacity: minContainers, maxCapacity: maxContainers })
      .scaleToTrackCustomMetric('Queue', {
        metric: this.queueMs,
        targetValue: queueTargetMs,
        // A new container is of use once its models are loaded; one that goes may be missed soon.
        scaleOutCooldown: Duration.minutes(3),
        scaleInCooldown: Duration.minutes(15),
      });
  }
}
