import { ServiceError } from '../../protocol/service-error.ts';
import { formFile } from '../form-file.ts';
import type { HttpRequest } from '../http-message.ts';
import { uploadedForm } from '../uploaded-form.ts';

export interface ItemForm {
  /** The bytes of the file, or the text. */
  readonly item: Uint8Array | string;
  /** What the field `parameters` holds as JSON. */
  readonly parameters: unknown;
}

/**
 * A form with one item, the field `file` or for texts `inputs`, and `parameters`. Rejects with ServiceError 400 for another field, one
 * that is there twice, and parameters that are no JSON.
 */
export async function readForm(request: HttpRequest, kind: 'file' | 'text'): Promise<ItemForm> {
  const own = kind === 'file' ? 'file' : 'inputs';
  const form = await uploadedForm(request, `expected multipart/form-data with the field '${own}'`);
  const names = [...form.keys()];
  const strange = names.find((name) => name !== own && name !== 'parameters');
  if (strange !== undefined)
    throw new ServiceError(400, `expected the fields '${own}' and 'parameters', got '${strange.slice(0, 100)}'`);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new ServiceError(400, `a form has one item: the field '${twice}' is there twice; send several as JSON`);
  return { item: kind === 'file' ? (await formFile(form)).content : textOf(form), parameters: parametersOf(form) };
}

function textOf(form: FormData): string {
  const text = form.get('inputs');
  if (typeof text === 'string') return text;
  throw new ServiceError(400, `field 'inputs': expected a text, got ${text ? 'a file' : 'nothing'}`);
}

function parametersOf(form: FormData): unknown {
  const given = form.get('parameters') ?? '{}';
  try {
    return JSON.parse(String(given));
  } catch (cause) {
    const shown = String(given).slice(0, 100);
    throw new ServiceError(400, `field 'parameters': expected JSON such as {"top_k": 3}, got '${shown}'`, { cause });
  }
}
