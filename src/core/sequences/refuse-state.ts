import type { SequenceConfig } from '../../ports/model-store.ts';
import type { InferenceRequest } from '../../protocol/inference.ts';
import { ServiceError } from '../../protocol/service-error.ts';

/** Throws 400 where a request brings state, or asks for it. */
export function refuseState({ state }: SequenceConfig, { inputs, outputs = [] }: InferenceRequest): void {
  const sent = state.find(({ input }) => inputs.some(({ name }) => name === input));
  const asked = state.find(({ output }) => outputs.some(({ name }) => name === output));
  if (!sent && !asked) return;
  const what = sent ? `input '${sent.input}'` : `output '${asked?.output}'`;
  throw new ServiceError(
    400,
    `${what} is state that the server keeps for each sequence: leave it out; sequence_id names the sequence`,
  );
}
