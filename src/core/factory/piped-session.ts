import type { Run, Session } from '../../ports/session.ts';
import type { Tensor } from '../../protocol/tensor.ts';
import type { Schema } from '../releases/schema-breaks.ts';

/**
 * Stages as one session that takes and gives what the whole did: each is given what callers, or stages before it, named
 * as its inputs are.
 */
export function pipedSession({ inputs, outputs }: Schema, stages: readonly Session[]): Session {
  const run = async ({ inputNames, inputs: given, outputNames }: Run, signal?: AbortSignal) => {
    const known = new Map(inputNames.map((name, index) => [name, given[index] as Tensor]));
    for (const stage of stages) {
      const takes = stage.inputs.map(({ name }) => name);
      const gives = stage.outputs.map(({ name }) => name);
      const tensors = takes.map((name) => {
        const tensor = known.get(name);
        if (tensor) return tensor;
        throw new Error(`no stage before gives '${name}'`);
      });
      const answers = await stage.run({ inputNames: takes, inputs: tensors, outputNames: gives }, signal);
      for (const [index, name] of gives.entries()) known.set(name, answers[index] as Tensor);
    }
    return outputNames.map((name) => known.get(name) as Tensor);
  };
  const release = async () => {
    for (const stage of stages) await stage.release();
  };
  return { inputs, outputs, unservable: [], run, release };
}
