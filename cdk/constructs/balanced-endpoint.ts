import { Construct } from 'constructs';
import type { EndpointNetwork } from './endpoint-network.ts';
import type { EndpointScaling, InferenceService } from './inference-service.ts';
import type { ModelSource } from './model-source.ts';
import type { RoutedEndpoint } from './routed-endpoint.ts';
import type { ServerImage } from './server-image.ts';

export interface BalancedEndpointProps {
  /** The models to serve, by name: what the `select` of a `ModelBucket` gives. */
  readonly models: ModelSource;
  /** Where it runs; endpoints may share one. */
  readonly network: EndpointNetwork;
  /** Name that the certificate is for. */
  readonly domainName: string;
  /** Certificate of ACM for the name. */
  readonly certificateArn: string;
  /** The server's image. @default ServerImage.built(): from containers/inference when the stack is deployed */
  readonly image?: ServerImage | undefined;
}

/** What endpoints in containers have in common: containers of one kind behind a load balancer, with their models loaded before they take requests. */
export abstract class BalancedEndpoint extends Construct implements RoutedEndpoint {
  readonly models: ModelSource;
  readonly network: EndpointNetwork;
  readonly domainName: string;
  abstract readonly serving: InferenceService;

  constructor(scope: Construct, id: string, { models, network, domainName }: BalancedEndpointProps) {
    super(scope, id);
    this.models = models;
    this.network = network;
    this.domainName = domainName;
  }

  get balancerArn(): string {
    return this.serving.balancer.balancer.loadBalancerArn;
  }

  /** Says how many containers there are: one otherwise. */
  scale(scaling: EndpointScaling): void {
    this.serving.scale(scaling);
  }
}
