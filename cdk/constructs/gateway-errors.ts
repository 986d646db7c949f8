import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';

interface GatewayError {
  readonly type: ResponseType;
  /** What to say in place of API Gateway's own words. */
  readonly message?: string;
  readonly retryAfterSeconds?: number;
  /** Status, where API Gateway's own misleads. */
  readonly status?: number;
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

/**
 * What a caller is told who may not call, or asks for a path that there is not: API Gateway calls both `Missing
 * Authentication Token`.
 */
const refusals: Readonly<Record<'api-key' | 'iam', Readonly<Record<string, GatewayError>>>> = {
  'api-key': {
    MissingKey: {
      type: ResponseType.UNAUTHORIZED,
      message: 'An API key is needed: send the header x-api-key with one of a usage plan of this deployment',
    },
    // The same whether there is such a model or not.
    NoRight: {
      type: ResponseType.ACCESS_DENIED,
      message: 'The key is not good for this, or is over: its policy says which models it may use, and how',
    },
    NoKey: {
      type: ResponseType.INVALID_API_KEY,
      message: 'The header x-api-key has no key that may call: send one of a usage plan of this deployment',
    },
    NoPath: {
      type: ResponseType.MISSING_AUTHENTICATION_TOKEN,
      message: 'There is nothing at this path: those of models begin with /v2/, and GET /openapi.json lists all',
      status: 404,
    },
  },
  iam: {
    NoSignature: {
      type: ResponseType.MISSING_AUTHENTICATION_TOKEN,
      message:
        'The request is not signed, or there is nothing at this path: sign it with AWS Signature Version 4 for execute-api',
    },
  },
};

/** Makes API Gateway's own errors look like the service's: `{"error": "…"}`. */
export function addGatewayErrors(api: RestApi, authorization: 'api-key' | 'iam', corsOrigin: string | undefined): void {
  const all = { ...errors, ...refusals[authorization] };
  for (const [id, { type, message, retryAfterSeconds, status }] of Object.entries(all)) {
    const text = message ? JSON.stringify(message) : '$context.error.messageString';
    api.addGatewayResponse(id, {
      type,
      ...(status && { statusCode: String(status) }),
      templates: { 'application/json': `{"error":${text}}` },
      responseHeaders: {
        ...(retryAfterSeconds && { 'Retry-After': `'${retryAfterSeconds}'` }),
        ...(corsOrigin && {
          'Access-Control-Allow-Origin': `'${corsOrigin}'`,
          'Access-Control-Expose-Headers': "'retry-after'",
        }),
      },
    });
  }
}
