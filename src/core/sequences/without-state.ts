import type { StateTensor } from '../../ports/model-store.ts';
import type { Session } from '../../ports/session.ts';
import type { TensorSpec } from '../../protocol/tensor-spec.ts';

type Tensors = Pick<Session, 'inputs' | 'outputs'>;

/**
 * What callers send and get of a model, which is all but its state. Throws an Error where the settings, which are at
 * `where`, name as state what cannot be.
 */
export function withoutState({ inputs, outputs }: Tensors, state: readonly StateTensor[], where: string): Tensors {
  try {
    for (const tensor of state) checkState(tensor, inputs, outputs);
    checkOnce(state.map(({ input }) => input));
    checkOnce(state.map(({ output }) => output));
  } catch (error) {
    throw new Error(`${where}${(error as Error).message}`, { cause: error });
  }
  return {
    inputs: inputs.filter(({ name }) => !state.some(({ input }) => input === name)),
    outputs: outputs.filter(({ name }) => !state.some(({ output }) => output === name)),
  };
}

function checkState(state: StateTensor, inputs: readonly TensorSpec[], outputs: readonly TensorSpec[]): void {
  const input = find('input', state.input, inputs);
  const output = find('output', state.output, outputs);
  if (input.datatype === 'BYTES' || input.anyRank) {
    const what = input.anyRank ? 'of any number of dimensions' : 'of BYTES';
    throw new Error(`: input '${input.name}' is ${what}, which cannot begin as zeros`);
  }
  if (output.datatype !== input.datatype || !canBe(output, input.shape)) {
    const given = `${output.datatype} [${output.shape}]`;
    throw new Error(
      `: output '${output.name}' gives ${given}, input '${input.name}' takes ${input.datatype} [${input.shape}]`,
    );
  }
  if (state.shape && !canBe(input, state.shape)) {
    throw new Error(
      `: shape [${state.shape}] does not fit input '${input.name}', which takes [${input.shape}], -1 being any size`,
    );
  }
}

function find(role: 'input' | 'output', name: string, specs: readonly TensorSpec[]): TensorSpec {
  const spec = specs.find((each) => each.name === name);
  if (spec) return spec;
  const known = specs.map((each) => `'${each.name}'`).join(', ');
  throw new Error(` names the ${role} '${name}', which the model has not; it has ${known}`);
}

/** Whether both may be of one shape. */
function canBe({ shape, anyRank }: TensorSpec, other: readonly number[]): boolean {
  if (anyRank) return true;
  return (
    shape.length === other.length &&
    shape.every((size, axis) => size === -1 || other[axis] === -1 || size === other[axis])
  );
}

function checkOnce(names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(` names '${twice}' twice`);
}
