import { applySteps } from '../tasks/apply-steps.ts';
import type { Flow, Kind } from '../tasks/flow.ts';
import type { Task } from '../tasks/task.ts';

/** An item on its way to the model's inputs, and what is left of the way. */
export interface HalfWay<K extends Kind> {
  readonly value: Flow[K];
  rest(value: Flow[K]): Promise<Flow['inputs']>;
}

/**
 * Takes an item through a task's steps up to the last that gives `kind`; undefined where none does. Rejects as the
 * steps do.
 */
export async function stepsTo<K extends Kind>(
  { preprocess }: Task,
  item: Flow[Kind],
  kind: K,
): Promise<HalfWay<K> | undefined> {
  const { steps = [] } = preprocess;
  const last = steps.findLastIndex(({ gives }) => gives === kind);
  if (last === -1) return undefined;
  return {
    value: (await applySteps(steps.slice(0, last + 1), item)) as Flow[K],
    rest: async (value) => (await applySteps(steps.slice(last + 1), value)) as Flow['inputs'],
  };
}
