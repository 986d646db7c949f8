import type { WaitingRequest } from './waiting-request.ts';

/** Whether both feed the same inputs, alike but for the number of rows, and ask for the same outputs. */
export function canShareRun(one: WaitingRequest, other: WaitingRequest): boolean {
  if (!one.canShare || !other.canShare) return false;
  const { inputs, inputNames, outputNames } = one.run;
  return (
    areSame(inputNames, other.run.inputNames, 0) &&
    areSame(outputNames, other.run.outputNames, 0) &&
    inputs.every((input, index) => areSame(input.shape, other.run.inputs[index]?.shape ?? [], 1))
  );
}

function areSame<T>(some: readonly T[], others: readonly T[], from: number): boolean {
  if (some.length !== others.length) return false;
  for (let index = from; index < some.length; index += 1) if (some[index] !== others[index]) return false;
  return true;
}
