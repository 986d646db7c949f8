import type { ApiHandler } from './api-handler.ts';
import type { EndpointNetwork } from './endpoint-network.ts';
import type { ModelSource } from './model-source.ts';

/** What API Gateway passes requests for some models to, by a link into a network. */
export interface RoutedEndpoint {
  readonly models: ModelSource;
  readonly network: EndpointNetwork;
  /** Name that it is asked for by, and that its certificate is for. */
  readonly domainName: string;
  readonly balancerArn: string;
  /** Whether answers are passed on as they come, for up to 15 minutes. */
  readonly streams: boolean;
  /** It answers OpenAI's API in place of the Open Inference Protocol. */
  readonly isOpenAi: boolean;
  /** It answers `/v1/predict` and `/v1/explain` of its models, as our server does, and others do not. */
  readonly answersTasks: boolean;
  /** What is asked in place of the load balancer, where that may have no container. */
  readonly door?: ApiHandler | undefined;
}
