import { AdjustmentType, type ScalableTarget, StepScalingAction } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { ApplicationScalingAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import {
  type CapacityProviderStrategy,
  type CfnService,
  FargateService,
  type ICluster,
  type TaskDefinition,
} from 'aws-cdk-lib/aws-ecs';
import { HttpCodeElb } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { addAlarm } from './add-alarm.ts';
import type { ServerLoad } from './add-server.ts';
import { EndpointBalancer } from './endpoint-balancer.ts';
import type { EndpointNetwork } from './endpoint-network.ts';

export interface InferenceServiceProps {
  readonly network: EndpointNetwork;
  readonly task: TaskDefinition;
  readonly certificateArn: string;
  /** What its containers tell of their load, by which it scales; undefined where they tell nothing. */
  readonly load: ServerLoad | undefined;
  /** It answers OpenAI's API alone, without gRPC. @default false: the Open Inference Protocol */
  readonly isOpenAi?: boolean | undefined;
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

/**
 * Containers behind a load balancer: replaced one by one, put back where new ones do not come up, more of them where
 * requests wait.
 */
export class InferenceService extends Construct {
  readonly service: FargateService;
  readonly balancer: EndpointBalancer;
  readonly load: ServerLoad | undefined;
  /** Whether it answers OpenAI's API in place of the Open Inference Protocol. */
  readonly isOpenAi: boolean;
  #queueTargetMs = 50;
  #sleeps = false;

  constructor(scope: Construct, id: string, props: InferenceServiceProps) {
    super(scope, id);
    const { network, task, capacity, certificateArn, isOpenAi = false } = props;
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
    this.balancer = new EndpointBalancer(this, 'Balancer', {
      network,
      certificateArn,
      isOpenAi,
      service: this.service,
    });
    this.load = props.load;
    this.isOpenAi = isOpenAi;
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
        metric: this.#told().queueMs,
        targetValue: queueTargetMs,
        // A new container is of use once its models are loaded; one that goes may be missed soon.
        scaleOutCooldown: Duration.minutes(3),
        scaleInCooldown: Duration.minutes(15),
      });
  }

  /** Whether it may have no container. */
  get sleeps(): boolean {
    return this.#sleeps;
  }

  /**
   * Has no container after so long without inferences, and one again once the load balancer was asked in vain. In place
   * of `scale`.
   */
  sleepAfter(idle: Duration): void {
    this.#sleeps = true;
    (this.service.node.defaultChild as CfnService).desiredCount = undefined;
    const unanswered = this.balancer.balancer.metrics.httpCodeElb(HttpCodeElb.ELB_503_COUNT);
    const count = this.service.autoScaleTaskCount({ minCapacity: 0, maxCapacity: 1 });
    const scalingTarget = count.node.findChild('Target') as ScalableTarget;
    const common = { scalingTarget, adjustmentType: AdjustmentType.EXACT_CAPACITY, cooldown: Duration.minutes(1) };

    const wake = new StepScalingAction(this, 'Wake', common);
    wake.addAdjustment({ adjustment: 1, lowerBound: 0 });
    addAlarm(this, 'Asked', {
      alarmDescription: 'Somebody asked, and no container was ready: one starts',
      metric: unanswered.with({ statistic: 'Sum', period: Duration.minutes(1) }),
      threshold: 1,
    }).addAlarmAction(new ApplicationScalingAction(wake));

    const sleep = new StepScalingAction(this, 'Sleep', common);
    sleep.addAdjustment({ adjustment: 0, upperBound: 0 });
    new Alarm(this, 'Idle', {
      alarmDescription: `Nobody asked for ${idle.toMinutes()} minutes: the container ends`,
      metric: this.#told().requests,
      threshold: 1,
      evaluationPeriods: idle.toMinutes(),
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      // Only a container that has loaded its models tells that nobody asks: while it starts it is not idle.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }).addAlarmAction(new ApplicationScalingAction(sleep));
  }

  #told(): ServerLoad {
    if (!this.load)
      throw new Error(`${this.node.path} tells nothing of its load to scale by: give it a fixed number of containers`);
    return this.load;
  }
}
