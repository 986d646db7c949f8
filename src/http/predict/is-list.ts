import type { Kind } from '../../core/tasks/flow.ts';

/** Whether there is an item in each element; columns in order are a list themselves. */
export function isList(inputs: unknown, kind: Kind): inputs is readonly unknown[] {
  if (!Array.isArray(inputs)) return false;
  return kind !== 'features' || inputs.some((item) => typeof item === 'object');
}
