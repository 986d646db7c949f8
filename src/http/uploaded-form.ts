import { ServiceError } from '../protocol/service-error.ts';
import { checkParts } from './check-parts.ts';
import type { HttpRequest } from './http-message.ts';

/**
 * The fields of a form; `expected` says which there are to be. Rejects with ServiceError 400 for a form that cannot be
 * read, or has more than a form needs, 415 for what is none.
 */
export async function uploadedForm({ headers, body }: HttpRequest, expected: string): Promise<FormData> {
  const type = headers['content-type'];
  if (typeof type !== 'string' || !/^\s*multipart\/form-data\b/i.test(type)) {
    throw new ServiceError(
      415,
      `${expected}, got ${typeof type === 'string' ? type.slice(0, 100) : 'no Content-Type'}`,
    );
  }
  const [, quoted, boundary = quoted] = /;\s*boundary=(?:"([!#-[\]-~ ]+)"|([!#-:<-[\]-~]+))/i.exec(type) ?? [];
  if (boundary === undefined)
    throw new ServiceError(
      400,
      `the form cannot be read, as its Content-Type has no boundary: let the client write it: ${expected}`,
    );
  checkParts(body, boundary);
  // Of its own making, so that what reads the form goes by the same boundary.
  const plain = { 'content-type': `multipart/form-data; boundary="${boundary}"` };
  return new Response(body as Uint8Array<ArrayBuffer>, { headers: plain }).formData().catch((cause) => {
    throw new ServiceError(400, `the form cannot be read: ${expected}`, { cause });
  });
}
