import type { TensorSpec } from '../../protocol/tensor-spec.ts';
import type { TaskModel } from './task-model.ts';

interface Wanted {
  readonly step: string;
  /** As the settings have it; absent: the first that will do. */
  readonly name: string | undefined;
  readonly willDo: (output: TensorSpec) => boolean;
  /** What will do, in words. */
  readonly what: string;
}

/** The output that a step reads. Throws an Error where the model has none that will do. */
export function findOutput({ signature }: TaskModel, { step, name, willDo, what }: Wanted): TensorSpec {
  const { outputs } = signature;
  const found = outputs.find((output) => (name === undefined ? willDo(output) : output.name === name));
  if (found && willDo(found)) return found;
  const known = outputs.map((output) => `'${output.name}' (${output.datatype} [${output.shape}])`).join(', ');
  const asked = name === undefined ? '' : `, and '${name}' is none`;
  throw new Error(`step ${step} takes ${what}${asked}; the model has ${known || 'no outputs'}`);
}
