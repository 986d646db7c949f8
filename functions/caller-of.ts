import type { APIGatewayProxyEvent } from 'aws-lambda';

/** Who called, as far as API Gateway knows: the id of the key, never the key, or the IAM principal. */
export function callerOf({ requestContext: { identity } }: APIGatewayProxyEvent): Record<string, string> {
  return {
    ...(identity?.apiKeyId && { keyId: identity.apiKeyId }),
    ...(identity?.userArn && { principal: identity.userArn }),
  };
}
