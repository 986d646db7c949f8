import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Architecture, type IFunction, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { addFunction } from './add-function.ts';
import type { ApiHandler } from './api-handler.ts';
import type { EndpointNetwork } from './endpoint-network.ts';
import { entryOf } from './entry-of.ts';
import { mostStreaming } from './most-streaming.ts';
import { streamSettings } from './stream-settings.ts';

export interface EndpointDoorProps {
  readonly network: EndpointNetwork;
  /** Of the load balancer: its address, and the name that its certificate is for. */
  readonly balancerAddress: string;
  readonly domainName: string;
  /** Whether answers stream, at `streamedPaths`. */
  readonly streams: boolean;
  /** Origin whose pages may call, or `*`. @default none */
  readonly corsOrigin?: string | undefined;
}

/** Actions that join a network; what they make has no name before, so they are granted on all or none. */
const joining = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];

const entry = entryOf('ask-endpoint');

/**
 * What API Gateway asks in place of a load balancer that may have no container: the same answers, and where there are
 * none, a 503 that says so and when to try again. It may open connections to load balancers of the network, and nothing
 * else.
 */
export class EndpointDoor extends Construct implements ApiHandler {
  readonly timeout = Duration.seconds(29);
  readonly streamTimeout: Duration | undefined;
  readonly #function: LambdaFunction;

  constructor(scope: Construct, id: string, props: EndpointDoorProps) {
    super(scope, id);
    const { network, balancerAddress, domainName, streams } = props;
    this.streamTimeout = streams ? mostStreaming : undefined;
    const { vpc, subnets, linkGroup, logRetention } = network;
    const added = addFunction(this, {
      entry,
      logRetention,
      architecture: Architecture.X86_64,
      memorySize: 512,
      timeout: this.streamTimeout ?? this.timeout,
      vpc,
      vpcSubnets: { subnets: [...subnets] },
      // It comes from where API Gateway would.
      securityGroups: [linkGroup],
      environment: {
        TENSORGATE_BALANCER: balancerAddress,
        TENSORGATE_ENDPOINT: domainName,
        ...streamSettings(this),
        ...(props.corsOrigin && { TENSORGATE_CORS_ORIGIN: props.corsOrigin }),
      },
    });
    // Lambda's own part, done with the function's rights: AWS, "Giving Lambda functions access to resources in a VPC".
    added.role.addToPolicy(new PolicyStatement({ actions: joining, resources: ['*'] }));
    this.#function = added.function;
  }

  get target(): IFunction {
    return this.#function as IFunction;
  }
}
