import { ServiceError } from '../../protocol/service-error.ts';

/** The fields of a body with items. Throws 400 for others, and where the first is missing. */
export function readItemBody({ inputs, parameters = {}, ...more }: Record<string, unknown>): {
  readonly inputs: unknown;
  readonly parameters: unknown;
} {
  const [unknown] = Object.keys(more);
  if (unknown !== undefined)
    throw new ServiceError(400, `expected the fields 'inputs' and 'parameters', got '${unknown.slice(0, 100)}'`);
  if (inputs === undefined)
    throw new ServiceError(400, "the field 'inputs' is missing: it has the item, or a list of items");
  return { inputs, parameters };
}
