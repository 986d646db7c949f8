import type { Flow, Kind } from '../tasks/flow.ts';
import type { Task } from '../tasks/task.ts';

/** An item on its way to the model's inputs, and what is left of the way. */
export interface HalfWay<K extends Kind> {
  readonly value: Flow[K];
  rest(value: Flow[K]): Promise<Flow['inputs']>;
}

/** Takes an item through a task's steps up to the last that gives `kind`; undefined where none does. Rejects as the steps do. */
export async function stepsTo<K extends Kind>(
  { preprocess }: Task,
  item: Flow[Kind],
  kind: K,
): Promise<HalfWay<K> | undefined> {
  const { steps = [] } = preprocess;
  const last = steps.findLastIndex(({ gives }) => gives === kind);
  if (last === -1) return undefined;
  const through = async (from: number, to: number, value: Flow[Kind]) => {
    let made = value;
    for (const step of steps.slice(from, to)) made = await step.apply(made);
    return made;
  };
  return {
    value: (await through(0, last + 1, item)) as Flow[K],
    rest: async (value) => (await through(last + 1, steps.length, value)) as Flow['inputs'],
  };
}
