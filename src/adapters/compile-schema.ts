import type { ValidateFunction } from 'ajv';

/**
 * A check of JSON against a schema of ours. Made when it is first needed: it takes longer than all else that a cold
 * start loads.
 */
export async function compileSchema<T>(schema: object): Promise<ValidateFunction<T>> {
  const { Ajv } = await import('ajv');
  // The schema is ours: it needs no check of its own.
  return new Ajv({ verbose: true, meta: false, validateSchema: false }).compile<T>(schema);
}
