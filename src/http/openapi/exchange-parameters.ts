import type { JsonObject } from './json-object.ts';

/** Parameters by which tensors go through uploads and links: of an input, of a requested output, of the request. */
export const exchangeParameters: Readonly<Record<'input' | 'output' | 'request', JsonObject>> = {
  input: {
    content_ref: {
      type: 'string',
      description: 'The data is what was uploaded under this `content_ref`, which `POST /v2/uploads` gave.',
    },
  },
  output: {
    content_link: {
      type: 'boolean',
      description:
        'Whether this output is stored, and the answer has, in place of its data, the parameters `content_url`, by which it can be got without a key, `content_bytes` and `content_expires_at`. Goes before `binary_data`.',
    },
  },
  request: {
    content_link_output: {
      type: 'boolean',
      description: 'Answer with `content_link`, where an output does not say.',
    },
  },
};
