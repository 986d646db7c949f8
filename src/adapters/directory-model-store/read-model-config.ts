import { Ajv } from 'ajv';
import type { ModelConfig } from '../../ports/model-store.ts';
import { explainConfigErrors } from './explain-config-errors.ts';
import { fillModelConfig, type ModelConfigFile } from './fill-model-config.ts';
import { modelConfigSchema } from './model-config-schema.ts';
import { readSettings } from './read-settings.ts';

const validate = new Ajv({ verbose: true }).compile<ModelConfigFile>(modelConfigSchema);

/** A model's settings with defaults filled in, and what is wrong with the file where it does not hold. */
export async function readModelConfig(path: string, root: string): Promise<{ value: ModelConfig; problem?: string }> {
  try {
    const file = await readSettings(path, root);
    if (file === undefined) return { value: fillModelConfig({}) };
    if (!validate(file)) throw new Error(explainConfigErrors(validate.errors ?? []));
    return { value: fillModelConfig(file) };
  } catch (error) {
    return { value: fillModelConfig({}), problem: `model.json: ${(error as Error).message}` };
  }
}
