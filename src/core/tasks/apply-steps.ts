import type { Flow, Kind } from './flow.ts';
import type { Step } from './step.ts';

/** What steps make of a value, one after the other; each takes what the one before it gives. Rejects as they do. */
export async function applySteps(steps: readonly Step[], value: Flow[Kind]): Promise<Flow[Kind]> {
  let made = value;
  for (const step of steps) made = await step.apply(made);
  return made;
}
