import type { TensorSpec } from '../../../protocol/tensor-spec.ts';
import type { TaskModel } from '../task-model.ts';

/** The one input of a model. Throws an Error where it has several. */
export function onlyInput({ signature }: Pick<TaskModel, 'signature'>, step: string): TensorSpec {
  const [input, ...more] = signature.inputs;
  if (input && more.length === 0) return input;
  const names = signature.inputs.map(({ name }) => `'${name}'`).join(', ');
  throw new Error(`step ${step} fills the one input of a model, and this one has ${names || 'none'}`);
}
