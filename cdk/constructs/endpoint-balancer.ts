import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { FargateService } from 'aws-cdk-lib/aws-ecs';
import {
  ApplicationLoadBalancer,
  ApplicationProtocol,
  ApplicationProtocolVersion,
  type ApplicationTargetGroup,
  type IApplicationLoadBalancerTarget,
  SslPolicy,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { balancerIdleSeconds } from '../../src/settings.ts';
import { acknowledge } from './acknowledge.ts';
import type { EndpointNetwork } from './endpoint-network.ts';
import { serverPorts } from './server-ports.ts';

export interface EndpointBalancerProps {
  readonly network: EndpointNetwork;
  /** Certificate of ACM for the name that callers ask for. */
  readonly certificateArn: string;
  /** What it sends requests to: those of its containers that have loaded their models. */
  readonly service: FargateService;
  /** Containers answer OpenAI's API, and no gRPC. */
  readonly isOpenAi: boolean;
}

/** Ports that callers inside the network use, over TLS. */
const listeners = { http: 443, grpc: 8443 } as const;

const common = { protocol: ApplicationProtocol.HTTP, deregistrationDelay: Duration.seconds(30) };
const healthCheck = { interval: Duration.seconds(10), timeout: Duration.seconds(5), healthyThresholdCount: 2 };

/**
 * A load balancer reads the status alone of what it asks by gRPC. 12, UNIMPLEMENTED, is of servers that do not know the
 * method: Triton, which opens its ports once its models are loaded, and images of ours from before there was one.
 */
const healthyGrpcCodes = '0,12';

/** A load balancer inside the network, with TLS: HTTP for API Gateway's link, gRPC for callers in the network. */
export class EndpointBalancer extends Construct {
  readonly balancer: ApplicationLoadBalancer;
  /** The containers, as they are asked by HTTP. */
  readonly targets: ApplicationTargetGroup;
  readonly #props: EndpointBalancerProps;

  constructor(scope: Construct, id: string, props: EndpointBalancerProps) {
    super(scope, id);
    this.#props = props;
    const { vpc, subnets, linkGroup, callerRanges } = props.network;
    const group = new SecurityGroup(this, 'Group', { vpc, allowAllOutbound: false });
    this.balancer = new ApplicationLoadBalancer(this, 'Balancer', {
      vpc,
      vpcSubnets: { subnets: [...subnets] },
      internetFacing: false,
      securityGroup: group,
      dropInvalidHeaderFields: true,
      // Longer than API Gateway waits: it is the one who says that an answer took too long.
      idleTimeout: Duration.seconds(balancerIdleSeconds),
    });
    group.addIngressRule(linkGroup, Port.tcp(listeners.http), 'API Gateway, by its link');
    linkGroup.addEgressRule(group, Port.tcp(listeners.http), 'The load balancer');
    if (!props.isOpenAi) {
      for (const range of callerRanges)
        group.addIngressRule(Peer.ipv4(range), Port.tcp(listeners.grpc), 'gRPC callers in the network');
      this.#serveGrpc(props.service);
    }
    this.targets = this.#serve(props.service);
    acknowledge(this, {
      'AwsSolutions-ELB2': 'Each request by HTTP is in the access log of the API, and the servers log what fails',
    });
  }

  /** Sends requests to containers that are ready, and waits for those under way before one goes. */
  #serve(service: FargateService): ApplicationTargetGroup {
    const path = this.#props.isOpenAi ? '/health' : '/v2/health/ready';
    return this.#listener('Http', listeners.http).addTargets('Http', {
      ...common,
      port: serverPorts.http,
      targets: [target(service, serverPorts.http)],
      healthCheck: { ...healthCheck, path, healthyHttpCodes: '200' },
    });
  }

  #serveGrpc(service: FargateService): void {
    this.#listener('Grpc', listeners.grpc).addTargets('Grpc', {
      ...common,
      port: serverPorts.grpc,
      protocolVersion: ApplicationProtocolVersion.GRPC,
      targets: [target(service, serverPorts.grpc)],
      healthCheck: { ...healthCheck, path: '/tensorgate.Readiness/Check', healthyGrpcCodes },
    });
  }

  #listener(id: string, port: number) {
    const { certificateArn } = this.#props;
    return this.balancer.addListener(`${id}Listener`, {
      port,
      protocol: ApplicationProtocol.HTTPS,
      sslPolicy: SslPolicy.RECOMMENDED_TLS,
      certificates: [Certificate.fromCertificateArn(this, `${id}Certificate`, certificateArn)],
      // The group says who may come.
      open: false,
    });
  }
}

function target(service: FargateService, containerPort: number): IApplicationLoadBalancerTarget {
  return service.loadBalancerTarget({ containerName: 'Server', containerPort });
}
