import type { RequestedOutput } from '../protocol/inference.ts';
import { ServiceError } from '../protocol/service-error.ts';
import { checkClassification } from './check-classification.ts';
import type { InferenceContext } from './inference-context.ts';
import type { ModelSignature } from './model-version.ts';

/** Throws ServiceError 400 for an output that the model cannot give, or not in the form that is asked for. */
export function checkOutput(
  signature: Omit<ModelSignature, 'labels'>,
  { name, parameters }: RequestedOutput,
  context: InferenceContext,
): void {
  const spec = signature.outputs.find((output) => output.name === name);
  if (spec) {
    if (!checkClassification(spec, parameters)) context.checkOutput(spec);
    return;
  }
  const known = signature.outputs.map((output) => `'${output.name}'`).join(', ') || 'none';
  const unservable = signature.unservable.find((output) => output.name === name);
  if (!unservable) throw new ServiceError(400, `the model has no output '${name}'; its outputs are ${known}`);
  throw new ServiceError(
    400,
    `output '${name}' cannot be answered: ${unservable.reason}; ask for the others only: ${known}`,
  );
}
