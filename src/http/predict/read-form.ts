import { ServiceError } from '../../protocol/service-error.ts';
import { checkNesting } from '../check-nesting.ts';
import type { HttpRequest } from '../http-message.ts';
import { uploadedForm } from '../uploaded-form.ts';

export interface ItemForm {
  /** The bytes of what was sent as a file, or the text of a field. */
  readonly item: Uint8Array | string;
  /** What the field `parameters` holds as JSON. */
  readonly parameters: unknown;
}

const encoder = new TextEncoder();
const known = ['file', 'inputs', 'parameters'];

/**
 * A form with one item, in the field `file` or `inputs`, and `parameters`. Rejects with ServiceError 400 for another
 * field, no item or several, and parameters that are no JSON; with 413 for ones that nest too deep.
 */
export async function readForm(request: HttpRequest): Promise<ItemForm> {
  const form = await uploadedForm(request, "expected multipart/form-data with the field 'file' or 'inputs'");
  const names = [...form.keys()];
  const strange = names.find((name) => !known.includes(name));
  if (strange !== undefined)
    throw new ServiceError(
      400,
      `expected the field 'file' or 'inputs', and 'parameters' beside it, got '${strange.slice(0, 100)}'`,
    );
  const [item, ...more] = [...form.getAll('file'), ...form.getAll('inputs')];
  if (item === undefined || more.length > 0)
    throw new ServiceError(
      400,
      `a form has one item, in the field 'file' or 'inputs', got ${more.length > 0 ? `${more.length + 1}; send several as JSON` : 'none'}`,
    );
  return {
    item: typeof item === 'string' ? item : new Uint8Array(await item.arrayBuffer()),
    parameters: await parametersOf(form),
  };
}

async function parametersOf(form: FormData): Promise<unknown> {
  const [first = '{}', ...more] = form.getAll('parameters');
  if (more.length > 0) throw new ServiceError(400, "the field 'parameters' is there twice");
  // Clients that give the field a type of its own, `application/json`, often send it as a file.
  const given = typeof first === 'string' ? first : await first.text();
  checkNesting(encoder.encode(given));
  try {
    return JSON.parse(given);
  } catch (cause) {
    const shown = given.slice(0, 100);
    throw new ServiceError(400, `field 'parameters': expected JSON such as {"top_k": 3}, got '${shown}'`, { cause });
  }
}
