import { ServiceError } from '../../protocol/service-error.ts';
import type { HttpRequest } from '../http-message.ts';

export interface UploadedFile {
  readonly filename: string;
  readonly content: Uint8Array;
}

const expected = "expected multipart/form-data with the fields 'purpose' and 'file'";

/** The file of `POST /v1/files`. Rejects with ServiceError 400 where the form is not as OpenAI's API has it, 415 where it is none. */
export async function uploadedFile({ headers, body }: HttpRequest): Promise<UploadedFile> {
  const type = headers['content-type'];
  if (typeof type !== 'string' || !/^multipart\/form-data\b/i.test(type)) {
    throw new ServiceError(
      415,
      `${expected}, got ${typeof type === 'string' ? type.slice(0, 100) : 'no Content-Type'}`,
    );
  }
  const form = await new Response(body as Uint8Array<ArrayBuffer>, { headers: { 'content-type': type } })
    .formData()
    .catch((cause) => {
      throw new ServiceError(400, `the form cannot be read: ${expected}`, { cause });
    });
  const purpose = form.get('purpose');
  if (purpose !== 'batch') {
    throw new ServiceError(400, `field 'purpose': expected "batch", got ${JSON.stringify(purpose)?.slice(0, 100)}`);
  }
  const file = form.get('file');
  if (file === null || typeof file === 'string') throw new ServiceError(400, "field 'file': expected a file");
  return { filename: file.name.slice(0, 255), content: new Uint8Array(await file.arrayBuffer()) };
}
