import type { ModelRepository } from '../core/model-repository.ts';
import { deprecationHeaders } from '../core/releases/deprecation-headers.ts';
import type { HttpResponse } from './http-message.ts';

/** The response, which says so where the version that answered is deprecated. */
export function withDeprecation(response: HttpResponse, repository: ModelRepository): HttpResponse {
  const told = response.served && deprecationHeaders(repository, response.served);
  return told ? { ...response, headers: [...response.headers, ...told] } : response;
}
