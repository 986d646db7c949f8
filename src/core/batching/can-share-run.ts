import type { Padding } from './padding.ts';
import type { WaitingRequest } from './waiting-request.ts';

/**
 * Whether both feed the same inputs, alike but for the number of rows and along axes that are padded, and ask for the
 * same outputs.
 */
export function canShareRun(one: WaitingRequest, other: WaitingRequest, padding: Padding): boolean {
  if (!one.canShare || !other.canShare || one.session !== other.session) return false;
  const { inputs, inputNames, outputNames } = one.run;
  if (!areSame(inputNames, other.run.inputNames) || !areSame(outputNames, other.run.outputNames)) return false;
  return inputs.every(({ shape }, index) => {
    const axis = padding.isEmpty ? -1 : padding.axisOf(inputNames[index] as string);
    return areAlike(shape, other.run.inputs[index]?.shape ?? [], axis);
  });
}

function areSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((each, index) => each === others[index]);
}

/** Whether shapes differ in the first dimension and along `axis` at most. */
function areAlike(shape: readonly number[], other: readonly number[], axis: number): boolean {
  if (shape.length !== other.length) return false;
  for (let index = 1; index < shape.length; index += 1) {
    if (shape[index] !== other[index] && index !== axis) return false;
  }
  return true;
}
