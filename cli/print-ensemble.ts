import { describeSpec } from './describe-spec.ts';
import type { EnsembleInspection } from './inspect-ensemble.ts';
import { printFacts } from './print-facts.ts';

/** Prints what was found, a line for each fact. */
export function printEnsemble({ inputs, outputs, steps }: EnsembleInspection): void {
  const pairs = (tensors: Readonly<Record<string, string>>) =>
    Object.entries(tensors)
      .map(([name, tensor]) => (name === tensor ? name : `${name}=${tensor}`))
      .join(', ');
  printFacts([
    ...inputs.map((spec) => ['input', describeSpec(spec)] as const),
    ...outputs.map((spec) => ['output', describeSpec(spec)] as const),
    ...steps.map(
      (step, index) =>
        [
          `step ${index + 1}`,
          `${step.model}${step.version ? `@${step.version}` : ''}${step.server ? ` on ${step.server}` : ''}: ${pairs(step.inputs)} → ${pairs(step.outputs)}`,
        ] as const,
    ),
  ]);
}
