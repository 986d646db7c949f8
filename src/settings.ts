/** Limits on what comes from outside. A request over one gets 413 with the limit's name. */
export interface Limits {
  /** Bytes of a request body as it arrives. */
  readonly maxBodyBytes: number;
  /** Bytes of a request body after gzip or deflate is undone. */
  readonly maxDecompressedBytes: number;
  /** Inputs of one request, requested outputs, and parameters of each and of the whole. */
  readonly maxTensors: number;
  /** Elements of one tensor. */
  readonly maxElements: number;
  /** Depth of nested arrays and objects in JSON. */
  readonly maxNesting: number;
  /** Characters of a model, tensor or parameter name, and of an id. */
  readonly maxNameLength: number;
  /** Bytes of the bodies of all requests at once, as they arrived and decompressed; a request past it gets 503. */
  readonly maxBytesInHand: number;
  /** Requests whose body has arrived that may be in the server at once; a further one gets 503. */
  readonly maxConcurrentRequests: number;
}

const MiB = 1024 * 1024;

export const defaultLimits: Limits = {
  maxBodyBytes: 64 * MiB,
  maxDecompressedBytes: 64 * MiB,
  maxTensors: 1024,
  maxElements: 64 * MiB,
  maxNesting: 32,
  maxNameLength: 256,
  maxBytesInHand: 1024 * MiB,
  maxConcurrentRequests: 1024,
};

/**
 * Seconds for which a load balancer in front keeps a silent connection: longer than API Gateway waits for more of a
 * stream.
 */
export const balancerIdleSeconds = 310;

/** Paths of an API, as its resources name them (`/v1/{proxy+}`), at which answers may stream. */
export const streamedPaths: RegExp = /^\/v1(\/|$)|\/generate_stream$/;

/** Headers that a page of another origin may send. */
const allowedHeaders = [
  'accept-encoding',
  'authorization',
  'content-encoding',
  'content-type',
  'inference-header-content-length',
  'traceparent',
  'x-amz-content-sha256',
  'x-amz-date',
  'x-amz-security-token',
  'x-api-key',
  'x-request-id',
  'x-request-timeout-ms',
  // What OpenAI's client says of itself, in a page too.
  ...[
    'arch',
    'helper-method',
    'lang',
    'os',
    'package-version',
    'retry-count',
    'runtime',
    'runtime-version',
    'timeout',
  ].map((name) => `x-stainless-${name}`),
];

/** What a browser is told that asks whether pages of `origin` may call. */
export function preflightHeaders(origin: string): { readonly [name: string]: string } {
  return {
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Methods': 'GET,HEAD,POST,DELETE',
    'Access-Control-Allow-Headers': allowedHeaders.join(','),
    'Access-Control-Max-Age': '600',
  };
}

/** What answers have beside their own headers where pages of `origin` may read them. */
export function crossOriginHeaders(origin: string): Readonly<Record<string, string>> {
  return {
    'access-control-allow-origin': origin,
    // Beside those that a page may always read; without the first it could not tell JSON from the tensors behind it.
    'access-control-expose-headers':
      'deprecation,inference-header-content-length,retry-after,server-timing,warning,x-request-id,x-tensorgate-alias,x-tensorgate-version',
  };
}

/**
 * Headers in which API Gateway tells what stands behind it who calls: whose policy, or which principal, as its
 * authorizer and IAM know it, and the id of the key. It writes over what the caller sent by these names.
 */
export const callerHeaders = { caller: 'x-tensorgate-caller', keyId: 'x-tensorgate-key-id' } as const;
