import { ServiceError } from '../../protocol/service-error.ts';

/**
 * The fields of a body with items. Throws 400 for others, and where the first is missing.
 *
 * @param has what the first may be, in words
 */
export function readItemBody(
  { inputs, parameters = {}, ...more }: Record<string, unknown>,
  has = 'the item, or a list of items',
): { readonly inputs: unknown; readonly parameters: unknown } {
  const [unknown] = Object.keys(more);
  if (unknown !== undefined)
    throw new ServiceError(400, `expected the fields 'inputs' and 'parameters', got '${unknown.slice(0, 100)}'`);
  if (inputs === undefined)
    throw new ServiceError(400, `the field 'inputs' is missing: it has ${has}`, { field: 'inputs' });
  return { inputs, parameters };
}
