import { ServiceError } from '../../protocol/service-error.ts';
import { type FormFile, formFile } from '../form-file.ts';
import type { HttpRequest } from '../http-message.ts';
import { uploadedForm } from '../uploaded-form.ts';

const expected = "expected multipart/form-data with the fields 'purpose' and 'file'";

/** The file of `POST /v1/files`. Rejects with ServiceError 400 where the form is not as OpenAI's API has it, 415 where it is none. */
export async function uploadedFile(request: HttpRequest): Promise<FormFile> {
  const form = await uploadedForm(request, expected);
  const purpose = form.get('purpose');
  if (purpose !== 'batch') {
    throw new ServiceError(400, `field 'purpose': expected "batch", got ${JSON.stringify(purpose)?.slice(0, 100)}`);
  }
  return formFile(form);
}
