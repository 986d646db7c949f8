import type { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { EndpointDoor } from './endpoint-door.ts';
import type { EndpointNetwork } from './endpoint-network.ts';
import type { EndpointScaling, InferenceService } from './inference-service.ts';
import type { ModelSource } from './model-source.ts';
import type { RoutedEndpoint } from './routed-endpoint.ts';
import type { ServerChoices } from './server-choices.ts';

export interface BalancedEndpointProps extends ServerChoices {
  /** The models to serve, by name: what the `select` of a `ModelBucket` gives. */
  readonly models: ModelSource;
  /** Where it runs; endpoints may share one. */
  readonly network: EndpointNetwork;
  /** Name that the certificate is for. */
  readonly domainName: string;
  /** Certificate of ACM for the name. */
  readonly certificateArn: string;
  /** Whether API Gateway passes answers on as they come, for up to 15 minutes. @default true */
  readonly streams?: boolean | undefined;
}

/**
 * What endpoints in containers have in common: containers of one kind behind a load balancer, with their models loaded
 * before they take requests.
 */
export abstract class BalancedEndpoint extends Construct implements RoutedEndpoint {
  readonly models: ModelSource;
  readonly network: EndpointNetwork;
  readonly domainName: string;
  readonly streams: boolean;
  abstract readonly serving: InferenceService;
  abstract readonly answersTasks: boolean;
  readonly #corsOrigin: string | undefined;
  #door: EndpointDoor | undefined;

  constructor(scope: Construct, id: string, props: BalancedEndpointProps) {
    super(scope, id);
    const { models, network, domainName, streams = true, corsOrigin } = props;
    this.models = models;
    this.network = network;
    this.domainName = domainName;
    this.streams = streams;
    this.#corsOrigin = corsOrigin;
  }

  get balancerArn(): string {
    return this.serving.balancer.balancer.loadBalancerArn;
  }

  get isOpenAi(): boolean {
    return this.serving.isOpenAi;
  }

  /** Says how many containers there are: one otherwise. */
  scale(scaling: EndpointScaling): void {
    this.serving.scale(scaling);
  }
  get door(): EndpointDoor | undefined {
    return this.#door;
  }

  /**
   * Has no container after so long without inferences. Who asks then gets 503 and when to try again, and a container
   * starts. In place of `scale`, and to be called before an API is given the endpoint.
   */
  sleepAfter(idle: Duration): void {
    const { network, domainName, serving, streams } = this;
    serving.sleepAfter(idle);
    const { loadBalancerDnsName: balancerAddress } = serving.balancer.balancer;
    const corsOrigin = this.#corsOrigin;
    this.#door = new EndpointDoor(this, 'Door', { network, balancerAddress, domainName, streams, corsOrigin });
  }
}
