import { ServiceError } from '../protocol/service-error.ts';

export interface FormFile {
  readonly filename: string;
  readonly content: Uint8Array;
}

/** The field `file` of a form. Rejects with ServiceError 400 where it is no file. */
export async function formFile(form: FormData): Promise<FormFile> {
  const file = form.get('file');
  if (file === null || typeof file === 'string') throw new ServiceError(400, "field 'file': expected a file");
  return { filename: file.name.slice(0, 255), content: new Uint8Array(await file.arrayBuffer()) };
}
