import type { ValidateFunction } from 'ajv';
import type { ModelConfigFile } from './fill-model-config.ts';
import { modelConfigSchema } from './model-config-schema.ts';

let validator: Promise<ValidateFunction<ModelConfigFile>> | undefined;

/** Checks a `model.json`. Made when the first one is there: it takes longer than all else that a cold start loads. */
export function modelConfigValidator(): Promise<ValidateFunction<ModelConfigFile>> {
  validator ??= make();
  return validator;
}

async function make(): Promise<ValidateFunction<ModelConfigFile>> {
  const { Ajv } = await import('ajv');
  // The schema is ours: it needs no check of its own.
  return new Ajv({ verbose: true, meta: false, validateSchema: false }).compile<ModelConfigFile>(modelConfigSchema);
}
