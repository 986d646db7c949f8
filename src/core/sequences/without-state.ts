import type { SequenceConfig, StateTensor } from '../../ports/model-store.ts';
import type { Session } from '../../ports/session.ts';
import type { TensorSpec } from '../../protocol/tensor-spec.ts';

type Tensors = Pick<Session, 'inputs' | 'outputs'>;

/** What callers send and get of a model, which is all but its state. Throws an Error where the settings name as state what cannot be. */
export function withoutState({ inputs, outputs }: Tensors, sequence: SequenceConfig | undefined): Tensors {
  if (!sequence) return { inputs, outputs };
  for (const tensor of sequence.state) checkState(tensor, inputs, outputs);
  checkOnce(sequence.state.map(({ input }) => input));
  checkOnce(sequence.state.map(({ output }) => output));
  return {
    inputs: inputs.filter(({ name }) => !sequence.state.some(({ input }) => input === name)),
    outputs: outputs.filter(({ name }) => !sequence.state.some(({ output }) => output === name)),
  };
}

function checkState(state: StateTensor, inputs: readonly TensorSpec[], outputs: readonly TensorSpec[]): void {
  const input = find('input', state.input, inputs);
  const output = find('output', state.output, outputs);
  if (input.datatype === 'BYTES' || input.anyRank) {
    const what = input.anyRank ? 'of any number of dimensions' : 'of BYTES';
    throw new Error(`model.json: sequence.state: input '${input.name}' is ${what}, which cannot begin as zeros`);
  }
  if (output.datatype !== input.datatype || !canBe(output, input.shape)) {
    const given = `${output.datatype} [${output.shape}]`;
    throw new Error(
      `model.json: sequence.state: output '${output.name}' gives ${given}, input '${input.name}' takes ${input.datatype} [${input.shape}]`,
    );
  }
  if (state.shape && !canBe(input, state.shape)) {
    throw new Error(
      `model.json: sequence.state: shape [${state.shape}] does not fit input '${input.name}', which takes [${input.shape}], -1 being any size`,
    );
  }
}

function find(role: 'input' | 'output', name: string, specs: readonly TensorSpec[]): TensorSpec {
  const spec = specs.find((each) => each.name === name);
  if (spec) return spec;
  const known = specs.map((each) => `'${each.name}'`).join(', ');
  throw new Error(`model.json: sequence.state names the ${role} '${name}', which the model has not; it has ${known}`);
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
  if (twice !== undefined) throw new Error(`model.json: sequence.state names '${twice}' twice`);
}
