import { CfnVpcLink } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  IpAddresses,
  type ISubnet,
  type IVpc,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import type { Cluster } from 'aws-cdk-lib/aws-ecs';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { addCluster } from './add-cluster.ts';

export interface EndpointNetworkProps {
  /** Its addresses. @default '10.0.0.0/16' */
  readonly range?: string | undefined;
  /** Addresses of other networks, peered with it, whose callers may come by gRPC. @default none */
  readonly callerRanges?: readonly string[] | undefined;
  /** Whether instances of the account's own join ECS in it, as those with a GPU do. @default false */
  readonly hasInstances?: boolean | undefined;
  /** Whether containers in it read secrets as they start. @default false */
  readonly hasSecrets?: boolean | undefined;
  /** How long the record of connections, and the logs of what runs here, are kept. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays | undefined;
}

/** What Fargate asks for; instances ask ECS itself besides. */
const services = {
  EcrApi: InterfaceVpcEndpointAwsService.ECR,
  EcrDocker: InterfaceVpcEndpointAwsService.ECR_DOCKER,
  Logs: InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
};
const instanceServices = {
  Ecs: InterfaceVpcEndpointAwsService.ECS,
  EcsAgent: InterfaceVpcEndpointAwsService.ECS_AGENT,
  EcsTelemetry: InterfaceVpcEndpointAwsService.ECS_TELEMETRY,
};

/**
 * A network without a way to or from the internet: containers reach the bucket, their image and their log by endpoints
 * of AWS, and API Gateway reaches them by a link. One, with its cluster of ECS, for all endpoints of a stage.
 */
export class EndpointNetwork extends Construct {
  readonly vpc: IVpc;
  /** Addresses that gRPC callers come from: its own, and those of networks that are peered with it. */
  readonly callerRanges: readonly string[];
  readonly link: CfnVpcLink;
  /** That of API Gateway's side of the link. */
  readonly linkGroup: SecurityGroup;
  readonly cluster: Cluster;
  readonly logRetention: RetentionDays;

  constructor(scope: Construct, id: string, props: EndpointNetworkProps = {}) {
    super(scope, id);
    const { range = '10.0.0.0/16', callerRanges = [], hasInstances = false, hasSecrets = false } = props;
    const { logRetention = RetentionDays.ONE_MONTH } = props;
    this.callerRanges = [range, ...callerRanges];
    this.logRetention = logRetention;
    this.vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr(range),
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [{ name: 'Inside', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 24 }],
      gatewayEndpoints: { S3: { service: GatewayVpcEndpointAwsService.S3 } },
    }) as IVpc;
    this.cluster = addCluster(this, this.vpc, logRetention);
    const endpoints = new SecurityGroup(this, 'Endpoints', { vpc: this.vpc, allowAllOutbound: false });
    endpoints.addIngressRule(Peer.ipv4(range), Port.HTTPS, 'What runs here asks services of AWS');
    const asked = {
      ...services,
      ...(hasInstances && instanceServices),
      ...(hasSecrets && { Secrets: InterfaceVpcEndpointAwsService.SECRETS_MANAGER }),
    };
    for (const [name, service] of Object.entries(asked))
      this.vpc.addInterfaceEndpoint(name, { service, securityGroups: [endpoints], open: false });

    this.linkGroup = new SecurityGroup(this, 'LinkGroup', { vpc: this.vpc, allowAllOutbound: false });
    this.link = new CfnVpcLink(this, 'Link', {
      name: this.node.path.replaceAll('/', '-'),
      subnetIds: this.subnets.map(({ subnetId }) => subnetId),
      securityGroupIds: [this.linkGroup.securityGroupId],
    });
  }

  get subnets(): readonly ISubnet[] {
    return this.vpc.isolatedSubnets;
  }
}
