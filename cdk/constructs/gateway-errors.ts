import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';

interface GatewayError {
  readonly type: ResponseType;
  /** What to say in place of API Gateway's own words. */
  readonly message?: string;
  readonly retryAfterSeconds?: number;
}

const errors: Readonly<Record<string, GatewayError>> = {
  ClientError: { type: ResponseType.DEFAULT_4XX },
  ServerError: { type: ResponseType.DEFAULT_5XX },
  TooFast: { type: ResponseType.THROTTLED, message: 'Too many requests at once: try again', retryAfterSeconds: 1 },
  QuotaSpent: {
    type: ResponseType.QUOTA_EXCEEDED,
    message: "The key's quota is spent until its period ends",
    retryAfterSeconds: 3600,
  },
  TooLarge: {
    type: ResponseType.REQUEST_TOO_LARGE,
    message:
      'The body is too large: API Gateway takes 10 MB, and Lambda 6 MB in base64, 4.5 MB before; send inputs to the URL that POST /v2/uploads gives, and name them by content_ref',
  },
  TooSlow: { type: ResponseType.INTEGRATION_TIMEOUT, message: 'The model did not answer in time' },
};

/** Makes API Gateway's own errors look like the service's: `{"error": "…"}`. */
export function addGatewayErrors(api: RestApi, corsOrigin: string | undefined): void {
  for (const [id, { type, message, retryAfterSeconds }] of Object.entries(errors)) {
    const text = message ? JSON.stringify(message) : '$context.error.messageString';
    api.addGatewayResponse(id, {
      type,
      templates: { 'application/json': `{"error":${text}}` },
      responseHeaders: {
        ...(retryAfterSeconds && { 'Retry-After': `'${retryAfterSeconds}'` }),
        ...(corsOrigin && { 'Access-Control-Allow-Origin': `'${corsOrigin}'` }),
      },
    });
  }
}
