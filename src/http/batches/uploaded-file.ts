import { type Upload, uploadPurposes } from '../../core/batch-jobs/batch-files.ts';
import { shownJson } from '../../core/shown-json.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { formFile } from '../form-file.ts';
import type { HttpRequest } from '../http-message.ts';
import { uploadedForm } from '../uploaded-form.ts';

const expected = "expected multipart/form-data with the fields 'purpose' and 'file'";

/**
 * The file of `POST /v1/files`. Rejects with ServiceError 400 where the form is not as OpenAI's API has it, 415 where
 * it is none.
 */
export async function uploadedFile(request: HttpRequest): Promise<Upload> {
  const form = await uploadedForm(request, expected);
  const given = form.get('purpose');
  const purpose = uploadPurposes.find((each) => each === given);
  if (purpose) return { purpose, ...(await formFile(form)) };
  const known = uploadPurposes.map((each) => `"${each}"`).join(' or ');
  throw new ServiceError(400, `field 'purpose': expected ${known}, got ${shownJson(given)}`, {
    field: 'purpose',
  });
}
