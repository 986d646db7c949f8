import type { ISecurityGroup, ISubnet } from 'aws-cdk-lib/aws-ec2';
import type {
  CapacityProviderStrategy,
  Cluster,
  ContainerDefinition,
  ICluster,
  TaskDefinition,
} from 'aws-cdk-lib/aws-ecs';
import { IntegrationPattern, JsonPath, Timeout } from 'aws-cdk-lib/aws-stepfunctions';
import { EcsFargateLaunchTarget, EcsRunTask, type IEcsLaunchTarget } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

export interface ContainerToRun {
  readonly network: { readonly cluster: Cluster; readonly subnets: readonly ISubnet[] };
  readonly group: ISecurityGroup;
  readonly task: TaskDefinition;
  readonly definition: ContainerDefinition;
  /** Where it runs. @default on Fargate */
  readonly capacity?: CapacityProviderStrategy | undefined;
  /** What it is told besides, by names of variables. */
  readonly environment: Readonly<Record<string, string>>;
  /** It is ended then. */
  readonly longest: Duration;
}

/**
 * A step of a state machine that runs a container until it ends, without a way to it from elsewhere. The state is what
 * it was before.
 */
export function runContainer(scope: Construct, id: string, run: ContainerToRun): EcsRunTask {
  const { network, group, task, definition, capacity, environment, longest } = run;
  return new EcsRunTask(scope, id, {
    integrationPattern: IntegrationPattern.RUN_JOB,
    cluster: network.cluster as ICluster,
    taskDefinition: task,
    launchTarget: capacity ? onMachines(capacity) : new EcsFargateLaunchTarget(),
    containerOverrides: [
      {
        containerDefinition: definition,
        environment: Object.entries(environment).map(([name, value]) => ({ name, value })),
      },
    ],
    subnets: { subnets: [...network.subnets] },
    securityGroups: [group],
    assignPublicIp: false,
    taskTimeout: Timeout.duration(longest),
    resultPath: JsonPath.DISCARD,
  });
}

/** The CDK's own targets know of Fargate and of machines that joined a cluster, not of those that ECS starts. */
function onMachines({ capacityProvider, weight }: CapacityProviderStrategy): IEcsLaunchTarget {
  const strategy = [{ CapacityProvider: capacityProvider, Weight: weight }];
  return { bind: () => ({ parameters: { CapacityProviderStrategy: strategy } }) };
}
