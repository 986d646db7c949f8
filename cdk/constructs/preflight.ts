import {
  AuthorizationType,
  ContentHandling,
  type IResource,
  MockIntegration,
  PassthroughBehavior,
} from 'aws-cdk-lib/aws-apigateway';
import { preflightHeaders } from '../../src/settings.ts';

/** Answers a browser's question whether pages of `origin` may call this path. */
export function addPreflight(resource: IResource, origin: string): void {
  const named = Object.entries(preflightHeaders(origin)).map(([name, value]) => [
    `method.response.header.${name}`,
    `'${value}'`,
  ]);
  const integration = new MockIntegration({
    // All media types of the API are binary, and a binary body does not go through a template.
    contentHandling: ContentHandling.CONVERT_TO_TEXT,
    passthroughBehavior: PassthroughBehavior.NEVER,
    requestTemplates: { 'application/json': '{"statusCode":204}' },
    integrationResponses: [{ statusCode: '204', responseParameters: Object.fromEntries(named) }],
  });
  resource.addMethod('OPTIONS', integration, {
    authorizationType: AuthorizationType.NONE,
    apiKeyRequired: false,
    methodResponses: [
      { statusCode: '204', responseParameters: Object.fromEntries(named.map(([name]) => [name, true])) },
    ],
  });
}
