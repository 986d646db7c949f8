import { trialInputs } from '../src/core/trial-inputs.ts';
import { warmUpInputs } from '../src/core/warm-up-inputs.ts';
import type { ModelConfig } from '../src/ports/model-store.ts';
import type { Run, Session } from '../src/ports/session.ts';

/** A run of random values, in the shapes of the warm-up. */
export function trialRunOf({ inputs, outputs }: Session, shapes: ModelConfig['warmupShapes']): Run {
  const given = warmUpInputs(inputs, shapes).map(({ shape }) => shape);
  return {
    inputNames: inputs.map(({ name }) => name),
    inputs: trialInputs(inputs, given, 'random'),
    outputNames: outputs.map(({ name }) => name),
  };
}
