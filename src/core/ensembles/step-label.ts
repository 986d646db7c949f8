import type { EnsembleStep } from '../../ports/model-store.ts';

/** A step as messages name it: `step 2 ('classifier')`. */
export function stepLabel(steps: readonly EnsembleStep[], step: EnsembleStep): string {
  return `step ${steps.indexOf(step) + 1} ('${step.model}')`;
}
