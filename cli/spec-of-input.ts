import { nearestWord } from '../src/adapters/nearest-word.ts';
import type { TensorSpec } from '../src/protocol/tensor-spec.ts';

/** What a model with a task takes elsewhere, in place of tensors. */
const items = ['text', 'file', 'columns'];

/** The input that `name=value` gives a value to; a name may hold '='. Throws an Error that names the inputs there are. */
export function specOfInput(text: string, specs: readonly TensorSpec[]): TensorSpec {
  const [longest] = specs
    .filter((spec) => text.startsWith(`${spec.name}=`))
    .sort((a, b) => b.name.length - a.name.length);
  if (longest) return longest;
  const [name = ''] = text.split('=');
  const names = specs.map((spec) => spec.name);
  if (!text.includes('=')) throw new Error(`--input ${text}: expected name=value; the inputs are ${names.join(', ')}`);
  const near = nearestWord(name, names);
  if (items.includes(name)) {
    throw new Error(
      `the model has no input '${name}'; its inputs are ${names.join(', ')}, and infer takes tensors alone: send what its task takes to a server, curl http://localhost:8080/v1/predict/<model>, with -F file=@<file> or -d '{"inputs": …}'`,
    );
  }
  throw new Error(
    `the model has no input '${name}'; ${near ? `did you mean '${near}'?` : `its inputs are ${names.join(', ')}`}`,
  );
}
