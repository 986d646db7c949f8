import { FlowLogDestination, type IVpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, ContainerInsights } from 'aws-cdk-lib/aws-ecs';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/** Adds a cluster of ECS in a network, and a record of the connections there, kept so long. */
export function addCluster(scope: Construct, vpc: IVpc, retention: RetentionDays): Cluster {
  const log = new LogGroup(scope, 'Connections', { retention, removalPolicy: RemovalPolicy.DESTROY });
  vpc.addFlowLog('FlowLog', { destination: FlowLogDestination.toCloudWatchLogs(log) });
  return new Cluster(scope, 'Cluster', { vpc, containerInsightsV2: ContainerInsights.ENABLED });
}
