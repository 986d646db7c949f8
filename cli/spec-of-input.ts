import { nearHint } from '../src/adapters/near-hint.ts';
import type { TensorSpec } from '../src/protocol/tensor-spec.ts';
import { itemInputs } from './item-input.ts';
import { UsageError } from './usage-error.ts';

/**
 * The input that `name=value` gives a value to; a name may hold '='. Throws an Error that names the inputs there are.
 */
export function specOfInput(text: string, specs: readonly TensorSpec[]): TensorSpec {
  const [longest] = specs
    .filter((spec) => text.startsWith(`${spec.name}=`))
    .sort((a, b) => b.name.length - a.name.length);
  if (longest) return longest;
  const [name = ''] = text.split('=');
  const names = specs.map((spec) => spec.name);
  if (!text.includes('='))
    throw new UsageError(`--input ${text}: expected name=value; the inputs are ${names.join(', ')}`);
  if (itemInputs.some((each) => each === name)) {
    throw new Error(
      `the model has no input '${name}'; its inputs are ${names.join(', ')}. What its task takes has no name here: tensorgate infer <model> <a text, or the path of a file>`,
    );
  }
  throw new Error(`the model has no input '${name}'; ${nearHint(name, names, 'its inputs are')}`);
}
