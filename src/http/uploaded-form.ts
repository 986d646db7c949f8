import { ServiceError } from '../protocol/service-error.ts';
import type { HttpRequest } from './http-message.ts';

/**
 * The fields of a form; `expected` says which there are to be. Rejects with ServiceError 400 for a form that cannot be
 * read, 415 for what is none.
 */
export async function uploadedForm({ headers, body }: HttpRequest, expected: string): Promise<FormData> {
  const type = headers['content-type'];
  if (typeof type !== 'string' || !/^\s*multipart\/form-data\b/i.test(type)) {
    throw new ServiceError(
      415,
      `${expected}, got ${typeof type === 'string' ? type.slice(0, 100) : 'no Content-Type'}`,
    );
  }
  return new Response(body as Uint8Array<ArrayBuffer>, { headers: { 'content-type': type } })
    .formData()
    .catch((cause) => {
      const why = /;\s*boundary=/i.test(type) ? '' : ', as its Content-Type has no boundary: let the client write it';
      throw new ServiceError(400, `the form cannot be read${why}: ${expected}`, { cause });
    });
}
