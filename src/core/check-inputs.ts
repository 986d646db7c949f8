import { ServiceError } from '../protocol/service-error.ts';
import type { TensorSpec } from '../protocol/tensor-spec.ts';

/** What an input says of itself, wherever its data is. */
type Input = Pick<TensorSpec, 'name' | 'datatype' | 'shape'>;

/** Holds a request's inputs against the model's. Throws 400 that says what was expected, and what came. */
export function checkInputs(specs: readonly TensorSpec[], inputs: readonly Input[]): void {
  for (const input of inputs) {
    const spec = specs.find((candidate) => candidate.name === input.name);
    if (!spec) throw new ServiceError(400, `the model has no input '${input.name}'; its inputs are ${list(specs)}`);
    checkInput(spec, input);
  }
  if (inputs.length === specs.length) return;
  const missing = specs.filter((spec) => !inputs.some((input) => input.name === spec.name));
  throw new ServiceError(400, `missing input: the model also takes ${list(missing)}`);
}

function checkInput(spec: TensorSpec, input: Input): void {
  if (input.datatype !== spec.datatype) {
    throw new ServiceError(400, `input '${spec.name}': expected datatype ${spec.datatype}, got ${input.datatype}`);
  }
  const fits =
    spec.anyRank ||
    (input.shape.length === spec.shape.length && spec.shape.every((size, i) => size === -1 || size === input.shape[i]));
  if (fits) return;
  const free = spec.shape.includes(-1) ? ' (-1: any size)' : '';
  throw new ServiceError(400, `input '${spec.name}': expected shape [${spec.shape}]${free}, got [${input.shape}]`);
}

function list(specs: readonly TensorSpec[]): string {
  return specs
    .map((spec) => `'${spec.name}' (${spec.datatype} ${spec.anyRank ? 'of any shape' : `[${spec.shape}]`})`)
    .join(', ');
}
