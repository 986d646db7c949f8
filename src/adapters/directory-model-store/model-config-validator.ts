import type { ValidateFunction } from 'ajv';
import { compileSchema } from '../compile-schema.ts';
import type { ModelConfigFile } from './fill-model-config.ts';
import { modelConfigSchema } from './model-config-schema.ts';

let validator: Promise<ValidateFunction<ModelConfigFile>> | undefined;

/** Checks a `model.json`. */
export function modelConfigValidator(): Promise<ValidateFunction<ModelConfigFile>> {
  validator ??= compileSchema(modelConfigSchema);
  return validator;
}
