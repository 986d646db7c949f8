import { ServiceError } from '../../protocol/service-error.ts';
import type { HttpRequest, HttpResponse } from '../http-message.ts';
import type { Handler } from '../router.ts';

// SageMaker passes no other header on: the length of the JSON stands in the media type, as Triton has it there.
const binaryType = 'application/vnd.sagemaker-triton.binary+json';
const lengthParameter = /;\s*json-header-size\s*=\s*"?([0-9]{1,15})"?\s*(;|$)/i;
const lengthHeader = 'inference-header-content-length';

/** Runs `model` by `infer`, with the length of the JSON before binary tensors in the media type, of the answer too. */
export async function sageMakerInfer(infer: Handler, request: HttpRequest, model: string): Promise<HttpResponse> {
  const answer = await infer(withLength(request), [model]);
  const at = answer.headers.indexOf(lengthHeader);
  if (at === -1) return answer;
  const type = `${binaryType};json-header-size=${answer.headers[at + 1]}`;
  const headers = answer.headers.map((word, index) => (answer.headers[index - 1] === 'content-type' ? type : word));
  return { ...answer, headers };
}

function withLength(request: HttpRequest): HttpRequest {
  const type = request.headers['content-type'];
  if (typeof type !== 'string' || !type.trim().toLowerCase().startsWith(binaryType)) return request;
  const length = lengthParameter.exec(type)?.[1];
  if (length === undefined)
    throw new ServiceError(
      400,
      `content type '${type.slice(0, 100)}': expected ${binaryType};json-header-size=<bytes of the JSON>`,
    );
  return { ...request, headers: { ...request.headers, [lengthHeader]: length } };
}
