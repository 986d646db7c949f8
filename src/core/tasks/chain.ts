import { applySteps } from './apply-steps.ts';
import type { Flow, Kind } from './flow.ts';
import { kindWords } from './flow.ts';
import type { Step } from './step.ts';

/** Steps with their names, as model.json has them. */
export type NamedStep = readonly [name: string, step: Step];

/**
 * One step that does what all of them do, in order. Throws an Error where one does not take what the one before it
 * gives, or the last does not give `end`.
 */
export function chain<To extends Kind>(where: string, steps: readonly NamedStep[], end: To): Step<Kind, To> {
  const [first] = steps;
  if (!first) throw new Error(`'${where}': expected a step at least`);
  for (const [index, [name, { takes }]] of steps.entries()) {
    const before = steps[index - 1];
    if (!before || before[1].gives === takes) continue;
    throw new Error(
      `'${where}.${index}': ${name} takes ${kindWords[takes]}, and ${before[0]} before it gives ${kindWords[before[1].gives]}`,
    );
  }
  const [lastName, last] = steps.at(-1) as NamedStep;
  if (last.gives !== end)
    throw new Error(
      `'${where}': the last step gives ${kindWords[end]}, and ${lastName} gives ${kindWords[last.gives]}`,
    );
  const { takes, columns } = first[1];
  const { shapes } = last;
  const parts = steps.map(([, step]) => step);
  const apply = async (value: Flow[Kind]) => (await applySteps(parts, value)) as Flow[To];
  return { takes, gives: end, apply, steps: parts, ...(columns && { columns }), ...(shapes && { shapes }) };
}
