import type { EnsembleConfig, EnsembleStep } from '../../ports/model-store.ts';
import type { TensorSpec } from '../../protocol/tensor-spec.ts';
import type { ModelSignature } from '../model-version.ts';
import { stepLabel } from './step-label.ts';

/** A tensor of an ensemble, and who says so. */
interface Said {
  readonly spec: TensorSpec;
  readonly by: string;
}

/**
 * What an ensemble takes and gives, by what its steps' models do. Throws an Error where they do not fit together:
 * inputs that a step lacks, names that its model does not have, datatypes and shapes that do not match.
 */
export function deriveSignature(
  config: EnsembleConfig,
  parts: ReadonlyMap<EnsembleStep, ModelSignature>,
): ModelSignature {
  const { inputs, outputs, steps } = config;
  const given = new Map<string, Said>();
  const labels = new Map<string, readonly string[]>();
  for (const step of steps) {
    const { outputs: specs, labels: own } = parts.get(step) as ModelSignature;
    for (const [output, tensor] of Object.entries(step.outputs)) {
      given.set(tensor, { spec: find(config, step, 'output', output, specs), by: stepLabel(steps, step) });
      const classes = own.get(output);
      if (classes) labels.set(tensor, classes);
    }
  }
  const asked = new Map<string, Said>();
  for (const step of steps) {
    const { inputs: specs } = parts.get(step) as ModelSignature;
    const missing = specs.find(({ name }) => !Object.hasOwn(step.inputs, name));
    if (missing)
      throw new Error(`${stepLabel(steps, step)}: its model also takes '${missing.name}'; name a tensor for it`);
    for (const [input, tensor] of Object.entries(step.inputs)) {
      const taken = { spec: find(config, step, 'input', input, specs), by: stepLabel(steps, step) };
      const other = given.get(tensor) ?? asked.get(tensor);
      const both = other ? narrow(tensor, other, taken, given.has(tensor)) : taken.spec;
      if (!given.has(tensor)) asked.set(tensor, { spec: both, by: taken.by });
    }
  }
  const named = (said: Map<string, Said>, name: string) => ({ ...(said.get(name) as Said).spec, name });
  return {
    inputs: inputs.map((name) => named(asked, name)),
    outputs: outputs.map((name) => named(given, name)),
    unservable: [],
    labels: new Map([...labels].filter(([name]) => outputs.includes(name))),
  };
}

function find(
  { steps }: EnsembleConfig,
  step: EnsembleStep,
  role: 'input' | 'output',
  name: string,
  specs: readonly TensorSpec[],
): TensorSpec {
  const spec = specs.find((each) => each.name === name);
  if (spec) return spec;
  const known = specs.map((each) => `'${each.name}'`).join(', ') || 'none';
  throw new Error(`${stepLabel(steps, step)}: its model has no ${role} '${name}'; its ${role}s are ${known}`);
}

/** What both say of a tensor. Throws where they contradict one another. */
function narrow(tensor: string, one: Said, other: Said, isGiven: boolean): TensorSpec {
  const [a, b] = [one.spec, other.spec];
  const rankFits = a.anyRank || b.anyRank || a.shape.length === b.shape.length;
  const fits = (size: number, axis: number) => size === -1 || b.shape[axis] === -1 || size === b.shape[axis];
  if (a.datatype !== b.datatype || !rankFits || (!a.anyRank && !b.anyRank && !a.shape.every(fits))) {
    const says = ({ by, spec }: Said, word: string) => `${by} ${word} ${describe(spec)}`;
    throw new Error(
      `the tensor '${tensor}' does not fit: ${says(one, isGiven ? 'gives' : 'takes')}, ${says(other, 'takes')} (-1: any size)`,
    );
  }
  if (a.anyRank) return b;
  if (b.anyRank) return a;
  return { ...a, shape: a.shape.map((size, axis) => (size === -1 ? (b.shape[axis] as number) : size)) };
}

function describe({ datatype, shape, anyRank }: TensorSpec): string {
  return anyRank ? `${datatype} of any shape` : `${datatype} [${shape}]`;
}
