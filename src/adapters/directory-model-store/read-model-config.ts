import type { ModelConfig } from '../../ports/model-store.ts';
import { checkEnsembleKeys } from './check-ensemble-keys.ts';
import { checkModelConfig } from './check-model-config.ts';
import { explainConfigErrors } from './explain-config-errors.ts';
import { fillModelConfig } from './fill-model-config.ts';
import { modelConfigValidator } from './model-config-validator.ts';
import { parseSettings } from './parse-settings.ts';
import type { ReadSettings } from './stored-model.ts';

/**
 * A model's settings with defaults filled in, and what is wrong with the file, which `read` gives if there is one,
 * where it does not hold.
 */
export async function readModelConfig(read: () => Promise<string | undefined>): Promise<ReadSettings<ModelConfig>> {
  try {
    const text = await read();
    if (text === undefined) return { value: fillModelConfig({}) };
    const file = parseSettings(text);
    const validate = await modelConfigValidator();
    if (!validate(file)) throw new Error(explainConfigErrors(validate.errors ?? []));
    checkEnsembleKeys(file);
    const value = fillModelConfig(file);
    checkModelConfig(value);
    return { value };
  } catch (error) {
    return { value: fillModelConfig({}), problem: `model.json: ${(error as Error).message}` };
  }
}
