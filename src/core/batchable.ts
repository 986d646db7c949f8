import type { TensorSpec } from '../protocol/tensor-spec.ts';

/** Whether requests can share a run, stacked along dimension 0, and why. */
export function batchable(
  inputs: readonly TensorSpec[],
  outputs: readonly TensorSpec[],
  operators: readonly string[],
): { readonly possible: boolean; readonly reason: string } {
  if (inputs.length === 0) return { possible: false, reason: 'it has no inputs' };
  if (operators.includes('DynamicQuantizeLinear')) {
    return {
      possible: false,
      reason: 'DynamicQuantizeLinear scales by the whole batch: answers would depend on other requests',
    };
  }
  const fixed = [
    ...inputs.map((spec) => ({ spec, role: 'input' })),
    ...outputs.map((spec) => ({ spec, role: 'output' })),
  ].find(({ spec }) => spec.anyRank || spec.shape[0] !== -1);
  if (!fixed) return { possible: true, reason: 'dimension 0 of all inputs and outputs is free' };
  const { spec, role } = fixed;
  if (spec.anyRank) return { possible: false, reason: `nothing is said of the dimensions of ${role} '${spec.name}'` };
  if (spec.shape.length === 0) return { possible: false, reason: `${role} '${spec.name}' has no dimensions` };
  return { possible: false, reason: `dimension 0 of ${role} '${spec.name}' is fixed at ${spec.shape[0]}` };
}
