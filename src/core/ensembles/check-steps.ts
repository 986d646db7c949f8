import type { EnsembleConfig, EnsembleStep } from '../../ports/model-store.ts';
import { stepLabel } from './step-label.ts';

/**
 * Throws an Error where the steps of an ensemble do not fit together, whatever their models are: tensors that nobody
 * gives, or takes, and steps that wait for one another.
 */
export function checkSteps({ inputs, outputs, steps }: EnsembleConfig): void {
  const givers = findGivers(inputs, steps);
  const known = [...givers.keys()].map((tensor) => `'${tensor}'`).join(', ');
  const taken = new Set(outputs);
  for (const step of steps) {
    for (const tensor of Object.values(step.inputs)) {
      taken.add(tensor);
      if (givers.has(tensor)) continue;
      throw new Error(
        `${stepLabel(steps, step)} takes the tensor '${tensor}', which no step gives and 'inputs' does not name; there are ${known}`,
      );
    }
  }
  const given = steps.flatMap((step) => Object.values(step.outputs));
  for (const output of outputs) {
    if (given.includes(output)) continue;
    const all = given.map((tensor) => `'${tensor}'`).join(', ');
    throw new Error(`'outputs' names the tensor '${output}', which no step gives; steps give ${all}`);
  }
  for (const [tensor, giver] of givers) {
    if (!taken.has(tensor)) throw new Error(`nobody takes the tensor '${tensor}', which ${giver} gives; leave it out`);
  }
  checkOrder(inputs, steps);
}

/** Who gives each tensor. */
function findGivers(inputs: readonly string[], steps: readonly EnsembleStep[]): ReadonlyMap<string, string> {
  const givers = new Map(inputs.map((input) => [input, "'inputs'"]));
  for (const step of steps) {
    for (const tensor of Object.values(step.outputs)) {
      const giver = stepLabel(steps, step);
      const other = givers.get(tensor);
      if (other !== undefined) throw new Error(`both ${other} and ${giver} give the tensor '${tensor}'`);
      givers.set(tensor, giver);
    }
  }
  return givers;
}

function checkOrder(inputs: readonly string[], steps: readonly EnsembleStep[]): void {
  const given = new Set(inputs);
  let waiting = steps;
  for (;;) {
    const ready = waiting.filter((step) => Object.values(step.inputs).every((tensor) => given.has(tensor)));
    if (ready.length === 0) break;
    for (const step of ready) for (const tensor of Object.values(step.outputs)) given.add(tensor);
    waiting = waiting.filter((step) => !ready.includes(step));
  }
  if (waiting.length === 0) return;
  const labels = waiting.map((step) => stepLabel(steps, step)).join(', ');
  throw new Error(`steps wait for one another, so that none can begin: ${labels}`);
}
