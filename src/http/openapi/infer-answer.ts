import { answer } from './answer.ts';
import type { JsonObject } from './json-object.ts';
import { reference } from './reference.ts';

/** The response of an inference: JSON, or JSON followed by binary tensors. */
export function inferAnswer(schema: JsonObject): JsonObject {
  return answer(
    'The outputs. As `application/octet-stream` where binary tensors were asked for: `Inference-Header-Content-Length` bytes of JSON, then the tensors that carry `binary_data_size`, in order.',
    { 'application/json': { schema }, 'application/octet-stream': {} },
    {
      'Inference-Header-Content-Length': reference('headers', 'InferenceHeaderContentLength'),
      'Server-Timing': reference('headers', 'ServerTiming'),
      'X-Tensorgate-Version': reference('headers', 'TensorgateVersion'),
      'X-Tensorgate-Alias': reference('headers', 'TensorgateAlias'),
      Deprecation: reference('headers', 'Deprecation'),
      Warning: reference('headers', 'Warning'),
    },
  );
}
