import { answer } from './answer.ts';
import type { JsonObject } from './json-object.ts';
import { operation } from './operation.ts';

const description = `Answers with a URL that takes a PUT of the data until it expires, without a key, and with the \`content_ref\` that requests name it by.
The data is one tensor in the form of binary tensors. Uploads are deleted after a day.

\`\`\`sh
curl -d '{"bytes": 16}' HOST:PORT/v2/uploads    # {"content_ref": "uploads/…", "url": "https://…", …}
curl -T tensor.bin "$URL"
curl HOST:PORT/v2/models/m/infer -d \\
  '{"inputs": [{"name": "x", "datatype": "FP32", "shape": [1, 4], "parameters": {"content_ref": "uploads/…"}}]}'
\`\`\``;

const text = { type: 'string' };
const place: JsonObject = {
  content_ref: { ...text, description: "What an input's parameter `content_ref` has to say." },
  method: { ...text, const: 'PUT' },
  url: { ...text, format: 'uri' },
  headers: { type: 'object', additionalProperties: text, description: 'To be sent with the data.' },
  expires_at: { ...text, format: 'date-time', description: 'From then on the URL takes nothing.' },
  max_bytes: { type: 'integer', minimum: 0, description: 'The most, or with `bytes` just what, may be uploaded.' },
};

/** Where inputs are uploaded that are too large for a request. */
export function uploadPaths(maxUploadBytes: number): JsonObject {
  const bytes = {
    type: 'integer',
    minimum: 0,
    maximum: maxUploadBytes,
    description: 'Length of what will be uploaded: the URL then takes no other.',
  };
  const request = { type: 'object', properties: { bytes }, additionalProperties: false };
  const upload = { type: 'object', required: Object.keys(place), properties: place };
  return {
    '/v2/uploads': {
      post: operation({
        tag: 'inference',
        id: 'createUpload',
        summary: 'A URL to upload an input to that is too large for a request',
        description,
        body: { required: false, content: { 'application/json': { schema: request } } },
        answer: answer('The URL.', { 'application/json': { schema: upload } }),
        errors: [400, 413, 415, 503],
      }),
    },
  };
}
