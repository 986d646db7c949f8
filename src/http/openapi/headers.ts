import type { JsonObject } from './json-object.ts';

/** Headers of responses. */
export const headers: JsonObject = {
  RequestId: {
    description: 'The id of the request: the one that was sent, if it was valid, or one of the server.',
    schema: { type: 'string', pattern: '^[A-Za-z0-9._:-]+$', maxLength: 128 },
  },
  ContentEncoding: {
    description:
      'Set where the body is compressed, as `Accept-Encoding` allows; bodies under 1024 bytes never are, nor under `/v2` what answers no inference.',
    schema: { type: 'string', enum: ['gzip', 'deflate'] },
  },
  InferenceHeaderContentLength: {
    description: 'With binary tensors: bytes of the JSON at the start of the body, which the tensors follow.',
    schema: { type: 'integer', minimum: 0 },
  },
  ServerTiming: {
    description:
      'Milliseconds of each stage: `input`, `load`, `queue`, `infer`, `output`; `cache` where an answer was looked for among those kept.',
    schema: { type: 'string' },
  },
  TensorgateVersion: { description: 'The version that answered, on every inference.', schema: { type: 'string' } },
  TensorgateAlias: {
    description: 'The alias that led to it, also where a part of its calls goes to another version.',
    schema: { type: 'string' },
  },
  Deprecation: {
    description: 'The version that answered is deprecated, since a time in seconds of Unix behind an `@` (RFC 9745).',
    schema: { type: 'string', pattern: '^@[0-9]+$' },
  },
  Warning: { description: 'Beside `Deprecation`: why, and what to use instead.', schema: { type: 'string' } },
  RetryAfter: {
    description: 'Seconds after which another try makes sense.',
    schema: { type: 'integer', minimum: 0 },
  },
};
