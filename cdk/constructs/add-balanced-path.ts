import {
  type CfnMethod,
  ConnectionType,
  Integration,
  IntegrationType,
  type IResource,
  type MethodOptions,
  ResponseTransferMode,
  VpcLink,
} from 'aws-cdk-lib/aws-apigateway';
import { callerHeaders } from '../../src/settings.ts';
import { mostStreaming } from './most-streaming.ts';
import type { RoutedEndpoint } from './routed-endpoint.ts';

/** Where API Gateway knows a caller from, as its mappings write it. */
export interface MappedCaller {
  readonly caller: string;
  readonly keyId: string;
}

/**
 * Passes requests of any method at `resource` to an endpoint's load balancer, over TLS, by the network's link. The path
 * is written out: else the name of the API's stage would stand in it. Answers are passed on as they come, for up to 15
 * minutes. Who calls stands in headers, in place of what the caller sent by their names.
 *
 * @param path such as `/v2/models/fraud/{proxy}`; a word in braces is the resource's parameter
 */
export function addBalancedPath(
  resource: IResource,
  path: string,
  { network, domainName, balancerArn, streams }: RoutedEndpoint,
  options: MethodOptions,
  { caller, keyId }: MappedCaller,
): void {
  const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  const linkId = `${network.node.id}Link`;
  const { api } = resource;
  const vpcLink = api.node.tryFindChild(linkId) ?? VpcLink.fromVpcLinkId(api, linkId, network.link.ref);
  const integration = new Integration({
    type: IntegrationType.HTTP_PROXY,
    integrationHttpMethod: 'ANY',
    uri: `https://${domainName}${path}`,
    options: {
      connectionType: ConnectionType.VPC_LINK,
      vpcLink: vpcLink as VpcLink,
      ...(streams && { responseTransferMode: ResponseTransferMode.STREAM, timeout: mostStreaming }),
      requestParameters: {
        ...Object.fromEntries(
          parameters.map((name) => [`integration.request.path.${name}`, `method.request.path.${name}`]),
        ),
        [`integration.request.header.${callerHeaders.caller}`]: caller,
        [`integration.request.header.${callerHeaders.keyId}`]: keyId,
      },
    },
  });
  const method = resource.addMethod('ANY', integration, {
    ...options,
    requestParameters: Object.fromEntries(parameters.map((name) => [`method.request.path.${name}`, true])),
  });
  // The CDK has no word yet for a load balancer behind a link of API Gateway's second kind.
  (method.node.defaultChild as CfnMethod).addPropertyOverride('Integration.IntegrationTarget', balancerArn);
  // Nor does it see it: without this the stage would go on asking a load balancer that another has replaced.
  api.latestDeployment?.addToLogicalId({ balancerArn });
}
