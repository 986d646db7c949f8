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
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import {
  CfnFirewallDomainList,
  CfnFirewallRuleGroup,
  CfnFirewallRuleGroupAssociation,
} from 'aws-cdk-lib/aws-route53resolver';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Aws } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { addCluster } from './add-cluster.ts';

export interface ClosedNetworkProps {
  /** All that is reached from it, by signed URLs. */
  readonly bucket: Bucket;
  /** How long the record of connections is kept. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays | undefined;
}

/**
 * A network for code that nobody here trusts, with a cluster of ECS: nothing leads out of it but to the objects of one
 * bucket, and to ECR, from which ECS fetches images by the same way. Names of others than AWS are not looked up, as a
 * question for a name is a message too.
 */
export class ClosedNetwork extends Construct {
  readonly cluster: Cluster;
  readonly group: SecurityGroup;
  readonly #vpc: IVpc;

  constructor(scope: Construct, id: string, { bucket, logRetention = RetentionDays.ONE_MONTH }: ClosedNetworkProps) {
    super(scope, id);
    const range = '10.0.0.0/24';
    this.#vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr(range),
      maxAzs: 1,
      natGateways: 0,
      subnetConfiguration: [{ name: 'Inside', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 25 }],
    }) as IVpc;
    this.cluster = addCluster(this, this.#vpc, logRetention);
    this.group = new SecurityGroup(this, 'Group', { vpc: this.#vpc, allowAllOutbound: false });
    // Where to is what routes and endpoints say.
    this.group.addEgressRule(Peer.anyIpv4(), Port.HTTPS, 'The endpoints of S3 and ECR');
    this.#openStorage(bucket);
    this.#openImages(range);
    this.#hideNames();
  }

  get subnets(): readonly ISubnet[] {
    return this.#vpc.isolatedSubnets;
  }

  /** Whoever brings credentials of another account stores nothing there by this way. */
  #openStorage(bucket: Bucket): void {
    const storage = this.#vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 });
    const layers = `arn:${Aws.PARTITION}:s3:::prod-${Aws.REGION}-starport-layer-bucket/*`;
    for (const [actions, resource] of [
      [['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject'], bucket.arnForObjects('*')],
      // Where ECR keeps the layers of images.
      [['s3:GetObject'], layers],
    ] as const)
      storage.addToPolicy(
        new PolicyStatement({ principals: [new AnyPrincipal()], actions: [...actions], resources: [resource] }),
      );
  }

  #openImages(range: string): void {
    const group = new SecurityGroup(this, 'Endpoints', { vpc: this.#vpc, allowAllOutbound: false });
    group.addIngressRule(Peer.ipv4(range), Port.HTTPS, 'ECS fetches images');
    const images = `arn:${Aws.PARTITION}:ecr:${Aws.REGION}:${Aws.ACCOUNT_ID}:repository/*`;
    const services = {
      EcrApi: InterfaceVpcEndpointAwsService.ECR,
      EcrDocker: InterfaceVpcEndpointAwsService.ECR_DOCKER,
    };
    for (const [name, service] of Object.entries(services)) {
      const endpoint = this.#vpc.addInterfaceEndpoint(name, { service, securityGroups: [group], open: false });
      for (const [actions, resource] of [
        [['ecr:GetAuthorizationToken'], '*'],
        [['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchCheckLayerAvailability'], images],
      ] as const)
        endpoint.addToPolicy(
          new PolicyStatement({ principals: [new AnyPrincipal()], actions: [...actions], resources: [resource] }),
        );
    }
  }

  #hideNames(): void {
    const listed = (name: string, domain: string) =>
      new CfnFirewallDomainList(this, name, { domains: [domain] }).attrId;
    const rules = new CfnFirewallRuleGroup(this, 'Names', {
      firewallRules: [
        { priority: 1, action: 'ALLOW', firewallDomainListId: listed('OfAws', `*.${Aws.URL_SUFFIX}`) },
        { priority: 2, action: 'BLOCK', blockResponse: 'NXDOMAIN', firewallDomainListId: listed('Others', '*') },
      ],
    });
    new CfnFirewallRuleGroupAssociation(this, 'NamesHere', {
      firewallRuleGroupId: rules.attrId,
      vpcId: this.#vpc.vpcId,
      priority: 101,
    });
  }
}
