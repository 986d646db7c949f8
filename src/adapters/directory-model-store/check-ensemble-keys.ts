import type { ModelConfigFile } from './fill-model-config.ts';

const keys = ['$schema', 'load', 'inputs', 'outputs', 'steps'];

/**
 * Throws an Error where a `model.json` has something to say of steps that are not there, or of runs that are those of
 * its steps' models.
 */
export function checkEnsembleKeys(file: ModelConfigFile): void {
  const { steps, inputs, outputs } = file;
  if (!steps) {
    if (inputs || outputs) throw new Error("'inputs' and 'outputs' are for a model with 'steps', and there are none");
    return;
  }
  if (!inputs || !outputs) {
    throw new Error("'steps': expected 'inputs' and 'outputs' too, the tensors that callers send and get");
  }
  const other = Object.keys(file).find((key) => !keys.includes(key));
  if (other === undefined) return;
  throw new Error(`'${other}' is not for a model with 'steps': the models of its steps have their own settings`);
}
